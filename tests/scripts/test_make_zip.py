"""The zip holds what it should, and is the same bytes for the same files."""

import os
import zipfile

import pytest

from scripts import make_zip


@pytest.fixture
def book(tmp_path):
    """A small project, its site and its wheel."""
    texts = {
        "site/index.html": "start",
        "site/book/index.html": "the book",
        "site/.buildinfo": "differs",
        "root/notebooks/01_one.ipynb": "{}",
        "root/exercises/01_one.ipynb": "{}",
        "root/exercises/solutions/01_one.ipynb": "secret",
        "root/book/reference/_generated/x.md": "generated",
        "root/book/notation.md": "letters",
        "root/LICENSE": "Apache",
        "lsrl_edu-9.8.7-py3-none-any.whl": "wheel",
    }
    for name, text in texts.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return tmp_path


def packed(book, name):
    wheel = next(book.glob("*.whl"))
    (book / name).mkdir()
    file = book / name / "the-book.zip"
    make_zip.write(file, make_zip.members(book / "root", book / "site", wheel))
    return file


def test_everything_is_there_once_and_nothing_else(book):
    with zipfile.ZipFile(packed(book, "dist")) as pack:
        assert pack.namelist() == sorted(
            f"the-book/{name}"
            for name in (
                "index.html",
                "READ ME FIRST.txt",
                "lsrl_edu-9.8.7-py3-none-any.whl",
                "site/index.html",
                "site/book/index.html",
                "notebooks/01_one.ipynb",
                "exercises/01_one.ipynb",
                "book/notation.md",
                "LICENSE",
            )
        )
        read_me = pack.read("the-book/READ ME FIRST.txt").decode()
    assert "version 9.8.7" in read_me
    assert 'install "lsrl_edu-9.8.7-py3-none-any.whl[hf,notebook]"' in read_me


def test_the_same_files_at_another_time_are_the_same_zip(book):
    first = packed(book, "first").read_bytes()
    for file in book.rglob("*"):
        os.utime(file, (1e9, 1e9))
    (book / "root/LICENSE").chmod(0o600)
    assert packed(book, "second").read_bytes() == first
    (book / "root/LICENSE").write_text("MIT")
    assert packed(book, "third").read_bytes() != first
