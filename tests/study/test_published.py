import numpy as np

from lsrl_edu.programs import continuous, discrete
from lsrl_edu.study.problems import Curves, Tokens
from lsrl_edu.study.published import optimized_curves, optimized_tokens


def test_the_programs_written_by_hand_compute_the_same():
    xs = Tokens(n=2, pairs=4, queries=3).problem(1).xs
    ours = discrete.program(2, "optimized", vocabulary=range(10))
    assert np.allclose(optimized_tokens(2).run(xs), ours.run(xs), atol=1e-4)
    xs = Curves(cells=3).problem(1).xs
    ours = continuous.program(2, 2, "optimized", values=(-3, 3))
    assert np.allclose(optimized_curves().run(xs), ours.run(xs), atol=1e-4)


def test_they_have_one_relu_where_f_ifelse_has_two():
    def relus(program):
        return sum(node.dim for node in program.nodes if node.kind == "ReLU")

    ours = discrete.program(2, "optimized", vocabulary=range(10))
    assert relus(optimized_tokens(2)) != relus(ours)
