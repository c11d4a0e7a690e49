"""Experiments with networks: what noise does to them, what they learn, what can be read off them.

Nothing here is imported by ``import lsrl_edu``. In the order in which they build on each other:
``plan`` (a network as one vector of weights), ``engine`` (many noisy copies in one run),
``subjects`` (what can be studied), ``problems`` (inputs and right answers), ``noise`` (one
measurement), ``table`` (rows on disk), ``sweep`` (many measurements, on many processes),
``compare`` (two samples), and the experiments ``fig4``, ``causes``, ``robustness``, ``functions``;
``latches`` and ``holding`` (memories that restore themselves). Learning in the state:
``regression``, ``baselines``, ``starts``, ``learning``. Training compiled networks and looking
into them: ``tuning``, ``probing``, ``patching``, ``ground_truth``.
"""
