"""Experiments with compiled networks: what noise on the weights does to them, and why.

Nothing here is imported by ``import lsrl_edu``. In the order in which they build on each other:
``plan`` (a network as one vector of weights), ``engine`` (many noisy copies in one run),
``subjects`` (what can be studied), ``problems`` (inputs and right answers), ``noise`` (one
measurement), ``table`` (rows on disk), ``sweep`` (many measurements, on many processes),
``compare`` (two samples), and the experiments ``fig4`` and ``causes``.
"""
