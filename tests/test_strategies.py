"""The random programs that other tests rely on must reach what those tests are about."""

from collections import Counter

from hypothesis import Phase, find, given, settings

import lsrl_edu as ls
from lsrl_edu.graph import users
from lsrl_edu.numbers import Matrix
from lsrl_edu.ranges import first_outside
from tests.strategies import cases, programs


def drawn(strategy, count=100):
    found = []

    @settings(max_examples=count, phases=[Phase.generate])
    @given(strategy)
    def collect(value):
        found.append(value)

    collect()
    return found


def test_random_programs_reach_every_kind_of_node_and_structure():
    reached = Counter()
    for program in drawn(programs()):
        readers = users(program.nodes)
        reached.update({n.kind for n in program.nodes})
        reached["shared"] += any(len(r) > 1 for r in readers.values())
        reached["started"] += any(s.init_state.nonzeros for s in program.states)
        reached["dense state"] += any(s.A.nonzeros > s.dim for s in program.states)
        reached["two states"] += len(program.states) > 1
    enough = dict.fromkeys(["Linear", "ReLU", "LinState", "Concat", "shared"], 40)
    enough |= {"Multi": 8, "started": 15, "dense state": 5, "two states": 15}
    assert not {k: reached[k] for k in enough if reached[k] < enough[k]}


def test_inputs_lie_in_the_domain():
    for program, xs in drawn(cases(), 50):
        assert xs.shape[1] == program.input.dim
        assert first_outside(xs, program.ranges) is None


def test_options_are_kept():
    for program in drawn(programs(products=False), 50):
        assert not any(isinstance(n, ls.Multi) for n in program.nodes)
    for program in drawn(programs(integer=True), 50):
        assert all(r.integer for r in program.ranges)
        assert all(_is_integer(s.A) and _is_integer(s.B) for s in program.states)


def _is_integer(matrix: Matrix) -> bool:
    return all(isinstance(v, int) for row in matrix.rows for _, v in row)


def test_a_failing_program_shrinks_to_a_small_one():
    smallest = find(programs(), lambda p: bool(p.states), settings=settings(max_examples=300))
    assert len(smallest.nodes) <= 6
