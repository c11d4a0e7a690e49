"""Answers to the exercises of chapter 02."""

import lsrl_edu as ls


def counter(x):
    """The sum so far."""
    return ls.LinState(x, A=[[1]], B=[[1]])


def weights(biases=(-2, -3), readout=(1, -1), **changed):
    """The weights of the linear RNN of exercise 02.2."""
    made = {
        "0.cell.weight_ih": [[1]],
        "0.cell.weight_hh": [[1]],
        "0.cell.bias": [0],
        "0.cell.h0": [0],
        "0.phi.0.weight": [[1], [1]],
        "0.phi.0.bias": list(biases),
        "0.phi.2.weight": [list(readout)],
        "0.phi.2.bias": [0],
    }
    return made | {f"0.{name.replace('_at_', '.')}": value for name, value in changed.items()}


def steps_of_steps(x):
    """Ten steps, one of the other."""
    for _ in range(10):
        x = ls.f_step(x - 0.5, mu=4)
    return x


def states(depth, kept=0):
    """A chain of states, some of the values below read at the top again."""

    def body(x):
        below = []
        for _ in range(depth):
            below.append(x)
            x = counter(x)
        return sum(below[:kept], start=x)

    return body


def relus_between(x):
    """Ten layers in another way: a state, a ReLU, a state, ..."""
    for k in range(6):
        x = ls.ReLU(counter(x) - k - 1)
    return x


def long_one(v):
    """A program of more than eight nodes."""
    double = 2 * v
    for _ in range(3):
        double = ls.ReLU(double) + 1
    return ls.Concat(ls.ReLU(v), double, 2 * v)


def with_state(v):
    """7B in a larger program."""
    double, eye = 2 * v, [[1, 0], [0, 1]]
    return ls.Concat(ls.ReLU(v), ls.Concat(double, ls.LinState(double, eye, eye)))


def difference(x, start=-1):
    """The last token minus this one."""
    A, B = [[0, 0], [1, 0]], [[1], [-1]]
    return ls.LinState(x, A=A, B=B, init_state=[[start], [0]])[1]


def seen_before(x):
    """Was this token ever seen? Ten counts, one for each token."""
    here = ls.Concat(*(ls.f_eq(x, k, mu=1) for k in range(10)))
    A = [[int(i == j) for j in range(10)] for i in range(10)]
    before = ls.f_step(ls.LinState(here, A=A, B=A) - 1, mu=1)
    return sum(ls.f_and(before[k], here[k], mu=1) for k in range(10))


def by_product(x):
    """The best known: one minus the square, cut off."""
    d = difference(x)
    return ls.ReLU(1 - d * d)


DIGITS, TOKENS = [bool, range(10)], [bool, range(100)]
WRONG = {
    "02.1": [
        ([2, 1, 1], "the atoms alone"),
        ([2, 2, 1], "`x` does not"),
        ([3, 2, 2], "`seen` is missing"),
        ([3, 3, 1], "is `x` still there"),
        ([3, 3, 3], "nobody above it reads"),
        ([4, 3, 2], "Look again at layer 1"),
    ],
    "02.2": [
        (weights((-1, -2)), "opens at TWO"),
        (weights((-3, -4)), "opens at FOUR"),
        (weights((-2, -9), (1, 0)), "goes on climbing"),
        (weights(readout=(-1, 1)), "readout is exchanged"),
        (weights(cell_at_bias=[1]), "the output at element 2 should be 0, not 1"),
        (weights(cell_at_h0=0), "it should be (1,)"),
        ([[1]], "it should be the dictionary"),
    ],
    "02.3": [
        (range(3, 6), "fewer than five"),
        (range(3, 60, 2), "without gaps"),
        (range(-5, 4), "nothing exceeds 3"),
        (range(100), "the token 0 is still cut off"),
        (range(2, 50), "the token 2 is still cut off"),
        (50, "it should be a range"),
    ],
    "02.4": [
        (("5B", [[2], [1]], [-3, 0]), "every reader of x to be Linear"),
        (("7B", [[2], [1]], [-3, 0]), "something else to do"),
        (("3", [[2], [1]], [-3, 0]), "every reader of x to be a ReLU"),
        (("9", [[2], [1]], [-3, 0]), "Case 9 is not it"),
        (("7A", [[2], [1]], [-3]), "2 rows, and b has 1"),
        (("7A", [[2], [1], [-1]], [-3, 0, 0]), "no row for -x"),
        (("7A", [[2], [1]], [3, 0]), "the sign of the bias"),
        (("7A", [[2]], [-3]), "not what the two ReLUs want"),
    ],
    "02.5": [
        ([4, 4, 4, 7], "keeps the promise"),
        ([12, 16], "there is some room"),
        ([-5], "ever open"),
        ([4, 4, 4, 4, -1], "at most four"),
        ([0.5], "Use whole numbers"),
    ],
    "02.6": [
        ({"domain": TOKENS}, "their TOTAL"),
        ({"horizon": 50}, "Without a domain"),
        ({"domain": DIGITS, "horizon": 50}, "Input 99"),
        ({"domain": TOKENS, "horizon": 10}, "at most 10 elements"),
        ({"domain": range(100), "horizon": 50}, "is a bit"),
        ({"domain": TOKENS, "horizon": "50"}, "no promise that `compile` can take"),
        ({"domain": [bool, range(10**7)], "horizon": 10**5}, "too weak"),
        ({"dtype": "float64"}, "Only domain and horizon"),
    ],
    "02.7": [
        (steps_of_steps, "a step of a boolean"),
        (lambda x: 0 * x, "constant"),
        (states(1), "One layer"),
        (states(6), "Only 6 layers"),
        (states(12, kept=12), "wide: something waits"),
    ],
    "02.8": [
        (lambda v: ls.Concat(ls.ReLU(v), v), "A Concat reads the branching node"),
        (lambda v: ls.ReLU(v) + ls.ReLU(2 * v - 3), "that is a ReLU"),
        (lambda v: ls.Concat(ls.ReLU(2 * v), ls.ReLU(v - 1)), "All readers are Linear"),
        (long_one, "at most 8"),
        (ls.ReLU, "Nothing branches"),
    ],
    "02.9": [
        (lambda x: ls.f_eq(difference(x, start=0), 0), "0 at the very beginning"),
        (lambda x: ls.f_neq(difference(x), 0), "where the tokens differ"),
        (lambda x: ls.f_eq(x, ls.LinState(x, A=[[0]], B=[[1]])), "compared with itself"),
        (seen_before, "EVER seen"),
    ],
}
OTHERS = {
    "02.2": weights((-2000, -2001), (1, -1), phi_at_0_at_weight=[[1000], [1000]])
    | {"0.phi.0.bias": [-2500, -2501]},
    "02.3": range(40, 90),
    "02.4": ["7A", [[1], [2]], [0, -3]],
    "02.5": [4, 4, 4, -5],
    "02.6": {"domain": [bool, (0, 200)], "horizon": 64},
    "02.7": relus_between,
    "02.8": with_state,
    "02.9": by_product,
}
