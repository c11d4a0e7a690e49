"""Misspelt and American words are found in prose, and code is left alone."""

from scripts import check_spelling as speller

# Single words are not looked at by the checker itself.
BAD, COLOR, CENTER = "teh", "color", "center"


def test_markdown_without_its_code_keeps_its_lines():
    text = f"one\n```python\n{BAD} = 1\n```\n`{BAD}` $x_{{{BAD}}}$ [link]({BAD}.html) {BAD}\n"
    found = speller.problems([("page.md", speller.prose(text))])
    assert found == [f"page.md:5: {BAD} ==> the"]


def test_of_code_only_comments_and_sentences_count():
    code = f'{BAD} = "{CENTER}"\nplot(to="{BAD} {BAD}")\n# {BAD} here\nraise E("{BAD} end of it")\n'
    found = speller.problems([("code.py", speller.spoken(code))])
    assert [line.split(":")[1] for line in found] == ["3", "4"]


def test_one_spelling_of_english():
    texts = [("a", f"the {COLOR} of a colour"), ("b", f"a program in the {CENTER}")]
    found = speller.problems(texts)
    assert found == [f"a:1: {COLOR} ==> colour", f"b:1: {CENTER} ==> centre"]


def test_titles_of_papers_stay_as_they_were_printed():
    assert "Modeling" not in speller.prose("A. Gu. *Modeling Sequences.* COLM 2024.")


def test_every_kind_of_text_is_read():
    names = [name for name, _ in speller.texts()]
    for kind in ("README.md", "book/index.md", "lsrl_edu/lang.py", "tests/test_lang.py"):
        assert kind in names
    assert any(name.startswith("notebooks/01") and name.endswith("cell 1") for name in names)
