import pytest

from lsrl_edu.errors import ProgramError
from lsrl_edu.lang import Program
from lsrl_edu.nodes import Input
from lsrl_edu.programs.words import Words
from lsrl_edu.sugar import METHODS

MASKS = [m for m in METHODS if not m.startswith("multiplicative")]


def run(node, xs):
    return Program(node).run(xs).ravel().tolist()


def test_comparisons_of_integers():
    x, words = Input(1), Words(mu=2)
    xs = [1, 2, 3]
    assert run(words.larger(x, 1.5), xs) == [0, 1, 1]
    assert run(words.smaller(x, 2.5), xs) == [1, 1, 0]
    assert run(words.near(x, 2), xs) == [0, 1, 0]


@pytest.mark.parametrize("method", METHODS)
def test_only_if(method):
    x = Input(2)
    words = Words(method)
    assert run(words.only_if(x[0], x[1]), [[0, 7], [1, 7], [1, -7], [0, -7]]) == [0, 7, -7, 0]


def test_both_is_written_as_in_the_listings():
    x = Input(2)
    assert run(Words().both(x[0], x[1]), [[0, 0], [0, 1], [1, 0], [1, 1]]) == [0, 0, 0, 1]


def test_steps_wider_than_half_are_refused():
    with pytest.raises(ProgramError, match="mu must be at least 2"):
        Words(mu=1.5)


@pytest.mark.parametrize("method", MASKS)
def test_a_mask_must_exceed_what_it_hides(method):
    Words(method, lam=10).check_masks(9, "token")
    with pytest.raises(ProgramError, match="a token can be as large as 10"):
        Words(method, lam=10).check_masks(10, "token")


def test_a_gate_needs_no_mask():
    Words("multiplicative", lam=10).check_masks(10**9, "token")
