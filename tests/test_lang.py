import pytest
from hypothesis import given

import lsrl_edu as ls
from lsrl_edu.errors import DomainError, ProgramError, ShapeError
from lsrl_edu.ranges import Range
from tests.strategies import cases

X = ls.Input(1)


@ls.foreach(dim=1, domain=bool)
def majority(x):
    ones = ls.LinState(x, A=[[1]], B=[[1]], init_state=[[0]], name="ones")
    zeros = ls.LinState(ls.f_not(x), A=[[1]], B=[[1]], init_state=[[0]], name="zeros")
    return ls.f_larger(ones, zeros, mu=10)


def test_foreach_makes_a_program_of_a_function():
    assert isinstance(majority, ls.Program)
    assert majority.name == "majority"
    assert majority.ranges == (Range(0, 1, True),)
    assert majority.input is X
    assert majority.run([0, 1, 1, 0, 1]).tolist() == [0, 0, 1, 0, 1]
    assert majority([1]).tolist() == [1]


def test_foreach_takes_a_width_and_a_name():
    program = ls.foreach(dim=3, name="sum", domain=[bool, int, (0, 1)])(lambda x: [[1, 1, 1]] @ x)
    assert program.name == "sum"
    assert program.input.dim == 3
    assert program.run([[1, 2, 3]]).tolist() == [[6]]
    assert [r.integer for r in program.ranges] == [True, True, False]


def test_nodes_and_states():
    assert majority.nodes[-1] is majority.output
    assert [s.name for s in majority.states] == ["ones", "zeros"]


def test_two_programs_of_the_same_text_are_the_same_graph():
    again = ls.foreach(dim=1)(lambda x: ls.ReLU(x + 1))
    other = ls.foreach(dim=1)(lambda x: ls.ReLU(x + 1))
    assert again.output is other.output and again != other


def test_a_program_cannot_be_changed():
    with pytest.raises(AttributeError):
        majority.name = "minority"


def test_repr_counts_the_nodes():
    program = ls.Program(ls.ReLU(X + 1), "p")
    assert repr(program) == "<Program p: 3 nodes (1 Input, 1 Linear, 1 ReLU)>"


# --- traces ----------------------------------------------------------------------------------


@given(cases(max_length=4))
def test_a_trace_ends_in_what_run_returns(case):
    program, xs = case
    trace = program.trace(xs)
    assert len(trace) == len(xs)
    assert (trace.output == program.run(xs)).all()
    assert set(trace.values) == set(program.nodes)
    assert (trace[program.input] == xs).all()
    assert all(trace[n].shape == (len(xs), n.dim) for n in program.nodes)


def test_a_trace_is_read_by_name():
    trace = majority.trace([0, 1, 1])
    assert trace["ones"].tolist() == [[0], [1], [2]]
    assert trace["zeros"].tolist() == [[1], [1], [1]]
    assert trace[majority.output].tolist() == [[0], [0], [1]]
    with pytest.raises(KeyError, match=r"No node is called 'twos'.*ones, zeros"):
        trace["twos"]


def test_a_trace_follows_one_sequence():
    with pytest.raises(ProgramError, match="one sequence"):
        majority.trace([[[1]], [[0]]])
    assert len(majority.trace([[[1], [0]]])) == 2


# --- mistakes --------------------------------------------------------------------------------


def test_a_state_that_needs_itself():
    with pytest.raises(ProgramError, match="cannot depend on its own value at the same step"):

        @ls.foreach(dim=1)
        def wraps_around(x):
            s = ls.f_ifelse(ls.f_larger(s, 5), x, s)  # noqa: F821
            return s


def test_two_inputs():
    with pytest.raises(ProgramError, match=r"2 different inputs.*wider Input"):
        ls.Program(ls.Concat(X, ls.Input(2)), "two")


def test_a_node_of_another_program():
    wide = ls.foreach(dim=2)(lambda x: ls.ReLU(x))
    with pytest.raises(ProgramError, match="mixes nodes of another program"):
        ls.foreach(dim=1)(lambda x: ls.Concat(x, wide.output))


@pytest.mark.parametrize("returned", [None, 3, [X, X], (X,)])
def test_something_other_than_a_node_is_returned(returned):
    with pytest.raises(ProgramError, match="returns one node"):
        ls.foreach(dim=1)(lambda x: returned)


@pytest.mark.parametrize("domain, error", [("bits", DomainError), ([bool, bool], ShapeError)])
def test_a_wrong_domain(domain, error):
    with pytest.raises(error):
        ls.foreach(dim=1, domain=domain)(lambda x: x)


def test_a_mistake_in_the_body_stays_what_it_is():
    with pytest.raises(ZeroDivisionError):
        ls.foreach(dim=1)(lambda x: x * (1 / 0))
