import pytest
from hypothesis import given

import lsrl_edu as ls
from lsrl_edu.compiler.affine import Affine
from lsrl_edu.compiler.atoms import InputAtom, ProductAtom, ReluAtom, StateAtom
from tests.compiler.checks import atom_values, compile_kinds, form_value, make_form, program_of
from tests.strategies import cases


def atoms(body, domain=None, dim=1, **options):
    """The kinds of the atoms of a program, inputs left out."""
    form = make_form(program_of(body, domain, dim), **options)
    kinds = {ReluAtom: "relu", ProductAtom: "product", StateAtom: "state"}
    return [kinds[type(a)] for a in form.table.atoms if not isinstance(a, InputAtom)]


@given(cases(thirds=True))
def test_the_forms_equal_the_program(case):
    program, xs = case
    truth = program.run(xs, "exact").tolist()
    for options in compile_kinds(program, xs).values():
        form = make_form(program, **options)
        steps = atom_values(form, xs)
        assert [[form_value(u, values) for u in form.outputs] for values in steps] == truth


@given(cases())
def test_atoms_read_earlier_atoms_only(case):
    table = make_form(case[0]).table
    for a in range(len(table.atoms)):
        below = {b for read in table.reads(a) for b, _ in read.terms}
        assert all(b < a and table.levels[b] < table.levels[a] for b in below)


def test_linear_concat_and_slices_disappear():
    form = make_form(program_of(lambda x: (2 * ls.Concat(x, x[1]) + 1)[1:] - x[0], None, 2))
    assert [type(a) for a in form.table.atoms] == [InputAtom, InputAtom]
    assert form.outputs == (Affine(((0, -1), (1, 2)), 1),) * 2


@pytest.mark.parametrize(
    "body, expected",
    [
        (lambda x: ls.ReLU(x) + ls.ReLU(x, name="again"), ["relu"]),
        (lambda x: ls.ReLU(x) + ls.ReLU(3 * x), ["relu"]),  # ReLU(3 x) = 3 ReLU(x)
        (lambda x: ls.ReLU(2 * x - 1) + ls.ReLU(4 * x - 2), ["relu"]),
        (lambda x: ls.ReLU(x) + ls.ReLU(-x), ["relu", "relu"]),
        (lambda x: ls.ReLU(x) + ls.ReLU(x - 1), ["relu", "relu"]),
        (lambda x: x * (x + 1) + (x + 1) * x, ["product"]),
        (lambda x: x * (x + 1) + x * (x + 2), ["product", "product"]),
        (lambda x: x * ls.f_constant(x, 3), []),
        (lambda x: ls.f_step(x) + ls.f_step(2 * x, 500), ["relu", "relu"]),
        (
            lambda x: ls.LinState(x, [[1]], [[1]]) + ls.LinState(x, [[1]], [[1]], name="s"),
            ["state"],
        ),
    ],
)
def test_equal_subexpressions_are_one_atom(body, expected):
    assert atoms(body) == expected


def test_without_simplification_everything_stays_as_written():
    def body(x):
        return ls.ReLU(ls.ReLU(x) + 1) + ls.LinState(x, [[1]], [[0]], init_state=[2])

    assert atoms(body, simplify=False) == ["relu", "relu", "state"]
    assert atoms(body) == ["relu"]
    assert make_form(program_of(body), simplify=False).reasons == ()


def test_atoms_are_called_as_their_nodes():
    def body(x):
        total = ls.LinState(x, [[1, 0], [1, 1]], [[1], [0]], name="total")
        return (ls.ReLU(total[0] - 3, name="over") * total[1]).named("both")

    labels = make_form(program_of(body)).table.labels
    assert labels == ["x", "total[0]", "total[1]", "over", "both"]


def test_a_constant_input_is_no_atom():
    form = make_form(program_of(lambda x: x[0] + x[1], [(3, 3), int], 2))
    assert form.outputs == (Affine(((0, 1),), 3),)
