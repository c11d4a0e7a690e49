"""Show what a word means where it first stands on a page.

The first time that a word of the glossary occurs in the text of a chapter, it becomes a link to its
entry, with the entry's text as the tip that shows when the pointer rests on it.
"""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.application import Sphinx

GLOSSARY = "book/glossary"
PAGES = ("notebooks/", "exercises/")
EVERYDAY = {"path", "reach", "carry", "slice", "cell", "path graph", "ring", "switch", "target"}
"""Entries whose words are used in other senses as well: not marked."""
NOT_INSIDE = (nodes.reference, nodes.literal, nodes.math, nodes.title, nodes.literal_block)


def entries(doctree: nodes.document) -> dict[str, tuple[str, str]]:
    """Return word -> (place on the page, text) for every entry of the glossary."""
    found = {}
    for item in doctree.findall(nodes.definition_list_item):
        for term in item.findall(nodes.term):
            text = " ".join(item.children[-1].astext().split())
            found[term.astext()] = (term["ids"][0], text)
    return found


def pattern(words: list[str]) -> re.Pattern:
    """Return what finds any of the words, or a plural, as a whole word."""
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(rf"\b({'|'.join(map(re.escape, longest_first))})s?\b")


def mark(doctree: nodes.document, known: dict[str, tuple[str, str]], glossary: str) -> None:
    """Turn the first occurrence of every word into a link with a tip."""
    waiting = {word: entry for word, entry in known.items() if word not in EVERYDAY}
    finder = pattern(list(waiting))
    for text in list(doctree.findall(nodes.Text)):
        if not _is_prose(text):
            continue
        while waiting and (hit := finder.search(text)):
            place, tip = waiting.pop(hit[1])
            finder = pattern(list(waiting))
            link = nodes.reference("", hit[0], internal=True, refuri=f"{glossary}#{place}")
            link["reftitle"], link["classes"] = tip, ["ls-term"]
            before, after = nodes.Text(text[: hit.start()]), nodes.Text(text[hit.end() :])
            text.parent.replace(text, [before, link, after])
            text = after


def _is_prose(text: nodes.Text) -> bool:
    """Return whether a text stands in a paragraph and not in code, a formula, a link, a heading."""
    node, in_paragraph = text.parent, False
    while node is not None:
        if isinstance(node, NOT_INSIDE):
            return False
        in_paragraph = in_paragraph or isinstance(node, nodes.paragraph)
        node = node.parent
    return in_paragraph


def on_resolved(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Mark the words of a chapter."""
    if docname.startswith(PAGES) and app.builder.format == "html":
        known = entries(app.env.get_doctree(GLOSSARY))
        mark(doctree, known, app.builder.get_relative_uri(docname, GLOSSARY))


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("doctree-resolved", on_resolved)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
