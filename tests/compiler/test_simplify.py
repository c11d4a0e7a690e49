"""Every rule: a program that it alone simplifies, one it must leave, and one just beside it."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import lsrl_edu as ls
from lsrl_edu.compiler.simplify import RELU_RULES
from lsrl_edu.numbers import Matrix
from lsrl_edu.ranges import first_outside
from tests.compiler.checks import differences, program_of

EIGHTH = Fraction(1, 8)


def one_hot(x, n):
    """A 1 that goes round n entries."""
    turn = Matrix.selection([(i - 1) % n for i in range(n)], n)
    return ls.LinState(x, turn, Matrix.zeros(n, x.dim), init_state=[0] * (n - 1) + [1])


def hand(x, n):
    return one_hot(x, n) @ [[k] for k in range(n)]


@dataclass
class Example:
    """A program, and the rules that are expected to be used in it."""

    body: Any
    domain: Any
    rules: frozenset
    dim: int = 1

    @property
    def program(self):
        return program_of(self.body, self.domain, self.dim)


def used(rule, body, domain=None, dim=1):
    return pytest.param(Example(body, domain, frozenset({rule}), dim), id=f"{rule}: yes")


def unused(rule, body, domain=None, dim=1):
    return pytest.param(Example(body, domain, frozenset(), dim), id=f"{rule}: no")


def masked(cost, sign=1):
    """The value x[0] while x[1] is 0 (or 1, where the sign is -1)."""
    return lambda x: ls.ReLU(x[0] - cost * (x[1] if sign > 0 else ls.f_not(x[1])))


def steep(mu, at=1):
    return lambda x: ls.ReLU(2 * ls.f_step(x - at, mu) - 1)


def zigzag(teeth):
    """ReLU(zigzag - 1/2): every tooth that is cut off makes a new hinge."""

    def body(x):
        bends = [(-2 if i % 2 else 2) * ls.ReLU(x - i) for i in range(1, teeth)]
        return ls.ReLU(sum(bends, ls.ReLU(x)) - Fraction(1, 2))

    return body


def guarded(lam):
    return lambda x: ls.ReLU(x[1] + lam * ls.f_step(x[0]) - lam)


EXAMPLES = [
    used("never negative", lambda x: ls.ReLU(x + 1), (-1, 1)),
    unused("never negative", lambda x: ls.ReLU(x + 1), (-1 - EIGHTH, 1)),
    unused("never negative", lambda x: ls.ReLU(x + 1)),
    used("never positive", lambda x: ls.ReLU(x - 1), (0, 1)),
    unused("never positive", lambda x: ls.ReLU(x - 1), (0, 1 + EIGHTH)),
    unused("never positive", lambda x: ls.ReLU(x - 1), int),
    used("two values", lambda x: ls.ReLU(3 * x - 1), bool),
    used("two values", lambda x: ls.ReLU(5 - 2 * x), range(2, 4)),
    unused("two values", lambda x: ls.ReLU(3 * x - 1), range(3)),
    unused("two values", lambda x: ls.ReLU(3 * x - 1), (0, 1)),
    unused("two values", lambda x: ls.ReLU(2 * x[0] + x[1] - 1), bool, 2),
    used("clock", lambda x: ls.ReLU(hand(x, 5) - 2), bool),
    used("clock", lambda x: ls.ReLU(2 - 3 * hand(x, 4)), bool),
    unused("clock", lambda x: ls.ReLU(hand(x, 2) + hand(x, 3) - 2), bool),  # both may be on
    unused("clock", lambda x: ls.ReLU(hand(x, 3) - x), bool),
    used("one direction", steep(2)),
    used("one direction", steep(32)),
    unused("one direction", steep(33)),  # too steep: rounding errors would be multiplied
    used("one direction", steep(2, at=2**17)),
    unused("one direction", steep(2, at=2**19)),  # hinges too close for floating point
    used("one direction", zigzag(1)),
    unused("one direction", zigzag(2)),  # it would have more hinges than before
    unused("one direction", lambda x: ls.ReLU(ls.ReLU(x[0]) + ls.ReLU(x[1]) - 1), None, 2),
    unused("one direction", lambda x: ls.ReLU(ls.ReLU(x[0]) + x[1]), None, 2),
    used("nested", lambda x: ls.ReLU(2 * ls.ReLU(x[0]) + x[1]), [float, (-3, 0)], 2),
    unused("nested", lambda x: ls.ReLU(2 * ls.ReLU(x[0]) + x[1]), [float, (-3, EIGHTH)], 2),
    unused("nested", lambda x: ls.ReLU(x[1] - ls.ReLU(x[0])), [float, (0, 1)], 2),
    used("mask", masked(1024), [(-5, 5), bool], 2),
    used("mask", masked(1024, -1), [(-5, 5), bool], 2),
    used("mask", masked(257), [(-5, 5), bool], 2),
    unused("mask", masked(256), [(-5, 5), bool], 2),  # small enough to be harmless
    unused("mask", masked(1024), [(-5, 1025), bool], 2),  # it does not hide everything
    unused("mask", masked(1024), [float, bool], 2),
    unused("mask", masked(1024), [(-5, 5), (0, 1)], 2),
    unused("mask", masked(1024), [(-5, 600), bool], 2),  # 1024 is the power of two it takes
    used("far side", guarded(10**6), None, 2),
    unused("far side", guarded(2**16), None, 2),
    used("far side", guarded(2**16 + 1), None, 2),
    used("far side", guarded(10**6), [int, float], 2),
    unused("far side", lambda x: ls.ReLU(x[1] + 10**6 * ls.f_step(x[0])), None, 2),
    used("and", lambda x: x[0] * x[1], bool, 2),
    used("and", lambda x: x[0] * (1 - x[1]), bool, 2),
    unused("and", lambda x: x[0] * x[1], [bool, range(3)], 2),
    unused("and", lambda x: x[0] * x[1], [bool, (0, 1)], 2),
    used("constant", lambda x: ls.ReLU(x[1] - x[0]), [(2, 2), float], 2),
    unused("constant", lambda x: ls.ReLU(x[1] - x[0]), [(2, 2 + EIGHTH), float], 2),
    used("nothing", lambda x: ls.LinState(x, [[2]], [[0]]) + x),
    unused("nothing", lambda x: ls.LinState(x, [[2]], [[0]], init_state=[1]) + x),
    unused("nothing", lambda x: ls.LinState(x, [[2]], [[0]], [1]) + x),
    used("stands still", lambda x: ls.LinState(x, [[1]], [[0]], init_state=[7]) + x),
    unused("stands still", lambda x: ls.LinState(x, [[-1]], [[0]], init_state=[7]) + x),
    unused("stands still", lambda x: ls.LinState(x, [[1]], [[1]], init_state=[7])),
]  # fmt: skip
RULES = {rule for e in EXAMPLES for rule in e.values[0].rules}


def rules_of(network) -> set:
    return {reason.rule for reason in network.reasons}


def places(program: ls.Program) -> np.ndarray:
    """A sequence of numbers of the domain, its ends among them."""
    rng, columns = np.random.default_rng(0), []
    for r in program.ranges:
        lo, hi = max(r.lo, -2000), min(r.hi, 2000)
        ends = [float(v) for v in (lo, hi, min(hi, 2), max(lo, 0))]
        near = np.clip(rng.integers(-24, 24, 30) / (1 if r.integer else 8), float(lo), float(hi))
        columns.append(rng.permutation([*ends * 3, *near, *rng.choice(ends, 30)]))
    return np.stack(columns, axis=1)


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_rule_is_used_where_it_applies_and_changes_nothing(example):
    program = example.program
    xs = places(program)
    assert first_outside(xs, program.ranges) is None
    network, plain = ls.compile(program), ls.compile(program, simplify=False)
    assert rules_of(network) == example.rules
    assert not plain.reasons
    assert differences(network, program, xs) == differences(plain, program, xs) == 0
    assert (weights(network) != weights(plain)) or not example.rules


def weights(network):
    return network.layers, network.readout, network.readout_bias


def test_every_rule_has_its_examples():
    assert {rule.__name__.replace("_", " ") for rule in RELU_RULES} <= RULES
    assert {"far side", "and", "constant", "nothing", "stands still"} <= RULES


def compiled(body, domain=None, dim=1):
    return ls.compile(program_of(body, domain, dim))


# --- what the rules are for ------------------------------------------------------------------


def test_reasons_say_where_and_why():
    network = compiled(lambda x: ls.ReLU(x + 1, name="up"), (-1, 1))
    (reason,) = network.reasons
    assert reason.where == "up"
    assert str(reason) == (
        "never negative   in up: ReLU of a value that is real in [0, 2] is the value"
    )


@pytest.mark.parametrize("mu", [1, 2, 1000, Fraction(1000, 7)])
def test_whole_numbers_need_no_steepness(mu):
    """ReLU(z - 1/1000) = 0.999 ReLU(z) + 0.001 ReLU(z - 1) where z is whole."""
    program = program_of(lambda x: ls.f_step(x, mu), int)
    network = ls.compile(program)
    assert network.largest_weight == 1 and network.width == 2
    assert differences(network, program, np.arange(-5.0, 5)) == 0
    assert network.run([1e15, 3, -1e15], "float64").tolist() == [1, 1, 0]


def test_real_numbers_keep_their_steepness():
    program = program_of(lambda x: ls.f_step(x, 1000))
    network = ls.compile(program)
    assert network.largest_weight == 1000
    assert differences(network, program, np.arange(-5.0, 5) / 2048) == 0


def test_halves_are_not_whole():
    program = program_of(lambda x: ls.f_step(x / 2, 1000), int)
    network = ls.compile(program)
    assert differences(network, program, np.arange(-5.0, 5)) == 0
    assert network.largest_weight == 1


def test_a_mask_shrinks_to_what_it_hides():
    network = compiled(masked(10**10), [(-5, 5), bool], 2)
    assert network.largest_weight == 8
    assert network.run([[5, 0], [5, 1], [0.3, 0]]).ravel().tolist() == [5, 0, 0.3]


def test_from_the_far_side_nothing_large_cancels():
    program = program_of(guarded(10**10), None, 2)
    xs = np.array([[1e9, 0.3], [-1e9, 0.3], [0.5, 0.3], [3e6, 7.7]])
    truth = [0.3, 0, 0.3, 7.7]
    assert ls.compile(program).run(xs).ravel() == pytest.approx(truth, abs=1e-12)
    plain = ls.compile(program, simplify=False).run(xs).ravel()
    assert np.abs(plain - truth).max() > 1  # what the rule is there for


def test_a_chain_of_ands_is_one_level():
    def body(x):
        c = x[0]
        for i in range(1, 5):
            c = ls.f_and(c, x[i])
        return c

    program = program_of(body, bool, 5)
    network = ls.compile(program)
    assert network.depth == 1 < ls.compile(program, simplify=False).depth
    every = np.array(list(np.ndindex(*[2] * 5)), dtype=float)
    assert differences(network, program, every) == 0


def test_constants_fold():
    def body(x):
        two = ls.f_constant(x, 2)
        return ls.ReLU(two - 5) + ls.ReLU(two) * x + two * two

    network = compiled(body)
    assert (network.depth, network.nonzeros) == (0, 2)
    assert network.run([3]).tolist() == [10]


def test_an_and_needs_no_gate():
    assert compiled(lambda x: x[0] * x[1], bool, 2).products == 0
    assert compiled(lambda x: x[0] * x[1], [bool, range(3)], 2).products == 1


def test_a_square_is_never_negative():
    assert rules_of(compiled(lambda x: ls.ReLU(x * x))) == {"never negative"}
    assert rules_of(compiled(lambda x: ls.ReLU(x[0] * x[1]), None, 2)) == set()


def test_a_rotating_hand_is_compared_with_its_dial_anew():
    """The comparison gets the widest ramp there is room for: powers of two, and not steep."""
    program = program_of(lambda x: ls.f_larger(ls.f_modulo_counter(x, 6), 2.5), bool)
    network = ls.compile(program)
    assert "two values" in rules_of(network) or "clock" in rules_of(network)
    assert differences(network, program, np.zeros(40)) == 0
    assert network.largest_weight <= 64
