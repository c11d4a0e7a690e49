from hypothesis import given

import lsrl_edu as ls
from lsrl_edu.graph import topological, users
from tests.strategies import programs

X = ls.Input(1)


@given(programs())
def test_every_node_comes_once_and_after_its_inputs(program):
    order = topological(program.output)
    place = {node: i for i, node in enumerate(order)}
    assert len(place) == len(order)
    assert order[-1] is program.output
    assert all(place[x] < place[node] for node in order for x in node.inputs)


@given(programs())
def test_users_are_the_inputs_read_backwards(program):
    order = topological(program.output)
    readers = users(order)
    assert set(readers) == set(order)
    for node in order:
        assert readers[node] == [other for other in order if node in other.inputs]


def test_the_order_is_that_of_reading():
    left, right = ls.ReLU(X), X * 2
    both = ls.Concat(left, right)
    assert topological(both) == [X, left, right, both]
    assert topological(right, left) == [X, right, left]


def test_known_nodes_and_what_only_they_need_are_left_out():
    left, right = ls.ReLU(X), ls.ReLU(X * 2)
    both = ls.Concat(left, right)
    assert topological(both, known={right}) == [X, left, both]
    assert topological(both, known={both}) == []


def test_a_node_that_reads_another_twice_is_one_user():
    twice = ls.Concat(X, X)
    assert users([X, twice])[X] == [twice]


def test_depth_is_no_limit():
    node = X
    for _ in range(20_000):
        node = ls.ReLU(node - 1)
    assert len(topological(node)) == 40_001
