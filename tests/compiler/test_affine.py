from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsrl_edu.compiler.affine import (
    LARGEST_PRIMITIVE,
    ZERO,
    Affine,
    multiple_of,
    primitive,
    weighted_sum,
)

numbers = st.one_of(st.integers(-9, 9), st.fractions(-9, 9, max_denominator=6))
factors = numbers.filter(bool)
forms = st.builds(Affine.of, st.dictionaries(st.integers(0, 4), numbers, max_size=4), numbers)
linear = forms.map(lambda form: form.linear).filter(lambda form: form.terms)
points = st.lists(numbers, min_size=5, max_size=5)


def value(form, point):
    return form.constant + sum(k * point[a] for a, k in form.terms)


def is_tidy(form):
    """Atoms in order, no zeros, and whole numbers as ints (so that equal forms are equal)."""
    atoms = [a for a, _ in form.terms]
    numbers = [form.constant, *(k for _, k in form.terms)]
    whole = [v for v in numbers if Fraction(v).denominator == 1]
    return atoms == sorted(set(atoms)) and all(map(bool, numbers[1:])) and not any(
        isinstance(v, Fraction) for v in whole
    )  # fmt: skip


def test_the_helper_notices_an_untidy_form():
    assert is_tidy(Affine(((0, 1), (2, Fraction(1, 2))), 3))
    assert not is_tidy(Affine(((2, 1), (0, 1))))
    assert not is_tidy(Affine(((0, 0),)))
    assert not is_tidy(Affine(((0, Fraction(2)),)))


@given(forms, forms, numbers, points)
def test_arithmetic_is_that_of_the_values(u, v, k, x):
    results = {
        u + v: value(u, x) + value(v, x),
        u - v: value(u, x) - value(v, x),
        u * k: value(u, x) * k,
        u.plus(k): value(u, x) + k,
        weighted_sum([(u, k), (v, 2)], 5): value(u, x) * k + value(v, x) * 2 + 5,
        u.linear: value(u, x) - u.constant,
    }
    assert all(value(form, x) == expected for form, expected in results.items())
    assert all(map(is_tidy, results))


@given(forms, forms)
def test_equal_forms_are_equal_however_they_were_made(u, v):
    assert u + v == v + u and hash(u + v) == hash(v + u)
    assert (u + v) - v == u
    assert u * 2 == u + u
    assert u - u == ZERO and (u - u).is_constant


@given(linear, factors)
def test_multiples_of_a_form_have_the_same_direction(form, k):
    direction, scale = primitive(form)
    assert direction * scale == form
    assert primitive(form * k) == (direction, scale * k)
    assert primitive(direction) == (direction, 1)
    assert direction.terms[0][1] > 0 and is_tidy(direction)


@given(linear)
def test_the_coefficients_of_a_direction_are_whole(form):
    assert all(isinstance(k, int) for _, k in primitive(form)[0].terms)


def test_a_direction_that_would_need_very_large_numbers_starts_with_1():
    tiny = Fraction(1, LARGEST_PRIMITIVE * 2)
    direction, scale = primitive(Affine.of({0: -2, 1: tiny}))
    assert direction == Affine.of({0: 1, 1: -tiny / 2}) and scale == -2
    just = primitive(Affine.of({0: 1, 1: Fraction(1, LARGEST_PRIMITIVE)}))[0]
    assert just == Affine.of({0: LARGEST_PRIMITIVE, 1: 1})


@given(linear, linear, numbers)
def test_multiple_of_finds_the_factor(form, direction, k):
    k = multiple_of(form, direction)
    coefficients = dict((form - direction * k).terms)
    gone = all(coefficients.get(a, 0) == 0 for a, _ in direction.terms)
    assert (
        gone if k else not any(_is_multiple(form, direction, j) for j in _ratios(form, direction))
    )


def _ratios(form, direction):
    return {Fraction(c) / d for _, c in form.terms for _, d in direction.terms}


def _is_multiple(form, direction, k):
    coefficients = dict(form.terms)
    return all(coefficients.get(a, 0) == k * c for a, c in direction.terms)


@pytest.mark.parametrize(
    "form, direction, k",
    [
        ({0: 4, 1: -2}, {0: 2, 1: -1}, 2),
        ({0: 4, 1: -2, 3: 7}, {0: 2, 1: -1}, 2),  # other atoms do not matter
        ({0: 4, 1: -2}, {0: 2, 1: 1}, 0),
        ({0: 4}, {0: 2, 1: 1}, 0),
        ({1: 4}, {0: 1, 1: 4}, 0),
        ({0: 1}, {0: 3}, Fraction(1, 3)),
    ],
)
def test_examples_of_multiple_of(form, direction, k):
    assert multiple_of(Affine.of(form), Affine.of(direction)) == k
