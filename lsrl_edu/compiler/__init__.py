"""The compiler: a program becomes affine forms over atoms, then a schedule, then Layers."""
