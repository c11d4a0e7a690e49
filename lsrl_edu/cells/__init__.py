"""Recurrent cells to be read: the equations, with the parameter names of the released class.

Each runs the state dict of the class it stands beside, and the tests show that the two agree.
"""
