import numpy as np
import pytest

from lsrl_edu.compiler.affine import Affine
from lsrl_edu.compiler.atoms import (
    AtomTable,
    Cycle,
    InputAtom,
    ProductAtom,
    ReluAtom,
    StateAtom,
    StateGroup,
)
from lsrl_edu.numbers import Matrix
from lsrl_edu.ranges import ANY, Range

X, Y = Affine.atom(0), Affine.atom(1)


@pytest.fixture
def table():
    table = AtomTable()
    for i in range(2):
        table.add(InputAtom(i), ANY, f"x{i}")
    return table


def test_equal_atoms_are_one(table):
    d = table.add_direction(X + Y, ANY, None)
    assert table.add_direction(Y + X, ANY, None) == d == table.find_direction(X + Y)
    first = table.add(ReluAtom(d, 1, 3), Range(0))
    assert table.add(ReluAtom(d, 1, 3), Range(0)) == first == table.find(ReluAtom(d, 1, 3))
    assert table.find(ReluAtom(d, -1, 3)) is None and table.find_direction(X) is None
    assert len(table.atoms) == 3


def test_equal_states_are_one_group(table):
    group = StateGroup(Matrix.eye(1), (X,), Matrix.zeros(1, 1))
    same = StateGroup(Matrix.eye(1), (X,), Matrix.zeros(1, 1))
    other = StateGroup(Matrix.eye(1), (Y,), Matrix.zeros(1, 1))
    assert table.find_group(group) == table.find_group(same) != table.find_group(other)


def test_the_first_name_is_kept(table):
    d = table.add_direction(X, ANY, None)
    a = table.add(ReluAtom(d, 1, 0), Range(0))
    assert table.labels[a] == ""
    table.add(ReluAtom(d, 1, 0), Range(0), "first")
    table.add(ReluAtom(d, 1, 0), Range(0), "second")
    assert table.labels[a] == "first"


def test_levels_and_what_is_read(table):
    d = table.add_direction(X + Y, ANY, None)
    relu = table.add(ReluAtom(d, -1, 2), Range(0))
    product = table.add(ProductAtom(X, Affine.atom(relu)), ANY)
    group = table.find_group(StateGroup(Matrix.eye(1), (Affine.atom(product),), Matrix.zeros(1, 1)))
    state = table.add(StateAtom(group, 0), ANY)
    assert [table.levels[a] for a in (0, 1, relu, product, state)] == [0, 0, 1, 2, 3]
    assert table.level(Affine.atom(product) + X) == 2 and table.level(Affine((), 5)) == 0
    assert table.reads(relu) == ((X + Y).plus(2) * 1 - (X + Y) * 2 - Affine((), 4),)
    assert table.reads(product) == (X, Affine.atom(relu))
    assert table.reads(state) == (Affine.atom(product),)
    assert table.reads(0) == ()


def test_a_cycle_lists_its_values_by_how_often_they_come():
    assert Cycle(np.array([2, 0, 0, 1], dtype=object)).distinct == [0, 1, 2]
