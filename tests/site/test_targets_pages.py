"""The pages about the architectures are what the code says and what a run measures."""

import re

import pytest

from lsrl_edu.backends import registry
from scripts import make_targets_pages as maker

ERROR = re.compile(r"≤ 1e([+-]\d+)")


@pytest.mark.parametrize("name", registry())
def test_a_page_is_what_the_code_says(name):
    """If this fails: python -m scripts.make_targets_pages"""
    saved = (maker.FOLDER / f"{name}.md").read_text(encoding="utf-8")
    made = maker.page(name)
    assert ERROR.sub("≤", saved) == ERROR.sub("≤", made)
    for shown, measured in zip(ERROR.findall(saved), ERROR.findall(made), strict=True):
        # other processors add in another order: a power of ten either way is the same answer
        assert abs(int(shown) - int(measured)) <= 1


def test_every_target_is_described_and_listed():
    assert set(maker.ABOUT) == set(registry())
    listed = (maker.FOLDER / "index.md").read_text(encoding="utf-8")
    assert all(f"[{name}]({name}.md)" in listed for name in registry())
    assert {p.stem for p in maker.FOLDER.glob("*.md")} == {*registry(), "index"}


@pytest.mark.parametrize(
    ("error", "said"), [(0.0, "0"), (2e-8, "≤ 1e-07"), (1e-3, "≤ 1e-03"), (12.0, "≤ 1e+02")]
)
def test_an_error_is_rounded_up(error, said):
    assert maker.said(error) == said
