"""Write book/reference/rules.md from the rules themselves: ``python -m scripts.make_rules_page``.

Equations, proofs, examples, pictures and reasons come from the code. How often a rule is used is
measured on random programs (about 15 s); a test compares the page with what this script makes.
"""

import ast
import inspect
import re
from collections import Counter
from pathlib import Path

from lsrl_edu.compiler import debranch_examples
from lsrl_edu.compiler.debranch import debranch
from lsrl_edu.compiler.debranch_examples import RULES, apply_once, example
from lsrl_edu.compiler.rewrite import Decline, Delta, Graph, Rule
from lsrl_edu.show.debranching import beside, draw_side, say_changes, typeset_equation

PAGE = Path(__file__).parents[1] / "book/reference/rules.md"
PROGRAMS = 400
SEED = 1

HEAD = """\
# The rules of debranching

`ls.debranch(program)` turns the graph of a program into a path: one node after the other, each with
one reader. A path is a stack of layers. This page lists every rule it uses, with an example, a
picture and a proof. [Chapter 2](../../notebooks/02_compiling_to_a_linear_rnn.ipynb) shows them at
work.

The rules are those of {cite:t}`petrov2024universal`, Appendix A, and keep its numbers. The fusions,
which the paper calls the preparation step, are F1 to F4 here, and we add F5. The driver does this:

1. Apply fusions until none fits.
2. Go along the path from the Input to the first node with more than one reader. This is the
   *branching node* v. If there is none, the graph is a path, and we are done.
3. Apply the first case, from 1A to 10, that fits the readers of v. Go back to 1.

**It ends.** Every case makes a list of counts smaller, compared from left to right: beyond the
branching node, the nodes that are not Linear, then the Linears that are not slices, then the
slices, high ones before low ones. The driver checks this at every step.

**It is right.** Each rule replaces nodes by others with the same value. The proofs below say
why. The tests check it, too: after every single step, for random programs and random
inputs, in exact fractions.

**Reading.** `[A; B]` is A on top of B, `[A B]` is side by side, I is the identity. A *slice* is a
Linear that only picks entries. In the pictures every node has a number that it keeps. A thick
outline marks a node that changes or is new, a thick dashed one a node that goes.

## How often each rule is needed

The last column counts random programs: {programs} drawn by the generator of our tests (seed
{seed}), debranched, and searched for the rule. Random programs are not typical ones. But they reach
rules that our versions of the paper's listings never do: 7A and 7B.

| rule | what it is about | equation | used by |
|---|---|---|--:|
{rows}
"""
FUSIONS_HEAD = """
## Fusions

Two neighbours that are one operation. They apply anywhere in the graph.
"""
CASES_HEAD = """
## Cases

All of them look at the readers of the branching node v, of width d. In the examples, v is the
input, of width 2.
"""
HELPERS = ("counter", "pair", "swap", "twice")
NOTES = {
    "F5": "The paper does not name this one. Without it, slices that pick everything pile up.",
    "1A": "Nodes of this book are interned: two Multis of the same node *are* one node, unless "
    "they have different names. So a program needs this case only for names, as in the example.",
    "1B": "The paper describes this case as we do. The code that was published with it, when we "
    "ran it, puts the passed-through v in the place of the other readers, instead of letting "
    "them read it. There, `Concat([Multi(x), 2x])` and `Concat([Multi(x), ReLU(x)])` both compile "
    "to `Concat([Multi(x), x])`. The programs shipped with that code do not reach the case, so "
    'their results do not depend on it. Our Listing 1 with `method="multiplicative"` reaches '
    "it, and so do random programs. It is a good reason to test every rule on its own.",
    "3": "As in case 1A, interning leaves a program with equal ReLUs only where names differ. Yet "
    "the case is needed: pushing slices behind ReLUs (case 5A) makes equal ReLUs along the way.",
    "4": "It is never needed here. Fusion F4 turns a Concat of one node into a Linear wherever "
    "there is one, and fusions come first. The rule is kept so that the paper's list is complete.",
    "5A": "Slices may be read by several kinds of nodes; each reader is treated by its own kind. "
    "The example has a ReLU and a LinState.",
    "5B": "Rows that are equal are stacked once: two readers of the same number share it.",
    "7B": "The paper adds the bypass, then uses 7A, 5B and 3. Here one ReLU is made for all. "
    "An entry of v that is never negative needs no second copy: there ReLU(v) = v.",
    "8": "Only the entries of v that the reader of the Concat makes use of are carried. This is "
    "why our paths stay narrow; chapter 2 switches it off and measures.",
    "9": "The same two savings as in cases 7B and 8.",
    "10": "The same two savings as in cases 7B and 8.",
}


def page(used: dict[str, int]) -> str:
    """Return the page, given how many random programs use each rule."""
    refusals = reasons()
    rows = "\n".join(_row(rule, used.get(case, 0)) for case, rule in RULES.items())
    head = HEAD.replace("{programs}", str(PROGRAMS)).replace("{seed}", str(SEED))
    parts = [head.replace("{rows}", rows), FUSIONS_HEAD]
    for case, rule in RULES.items():
        parts += [CASES_HEAD, _helpers()] if case == "1A" else []
        parts.append(_section(rule, refusals[case]))
    return "\n".join(parts)


def _row(rule: Rule, used: int) -> str:
    anchor = f"rule-{rule.case.lower()}"
    equation = typeset_equation(rule.equation)
    return f"| [{rule.case}](#{anchor}) | {rule.title} | `{equation}` | {used} |"


def _section(rule: Rule, refused: list[str]) -> str:
    program = example(rule.case)
    after, _, delta = apply_once(rule, program)
    note = f"\n**Note.** {NOTES[rule.case]}\n" if rule.case in NOTES else ""
    proof = typeset_equation(" ".join(rule.proof.split()))
    because = "; ".join(refused)
    return f"""
(rule-{rule.case.lower()})=
### {_name(rule)}: {rule.title}

`{typeset_equation(rule.equation)}`

**Why.** {_escaped(proof)}

```python
{code(rule.case)}
```

{picture(Graph.of(program), after, delta, rule)}

**It declines where** {because}.
{note}"""


def picture(before: Graph, after: Graph, delta: Delta, rule: Rule) -> str:
    """Return the graph before and after a rule as HTML."""
    story = f"{_name(rule)}, {rule.title}: {say_changes(delta)}"
    sides = [draw_side(graph, delta, "Graph") for graph in (before, after)]
    html = beside(*sides, story)._repr_html_()
    assert "\n" not in html, "a line break would end the HTML block"
    return html


def _name(rule: Rule) -> str:
    return f"Fusion {rule.case}" if rule.case.startswith("F") else f"Case {rule.case}"


def _escaped(text: str) -> str:
    return re.sub(r"([\[\]*])", r"\\\1", text)


# --- what the code says ----------------------------------------------------------------------
def code(case: str) -> str:
    """Return the body of an example as a reader would write it."""
    tree = ast.parse(inspect.getsource(debranch_examples))
    bodies = next(s.value for s in tree.body if isinstance(s, ast.AnnAssign))
    (body,) = [v.body for k, v in zip(bodies.keys, bodies.values, strict=True) if k.value == case]
    return _with_prefix(ast.unparse(body))


def _with_prefix(text: str) -> str:
    text = text.replace("'", '"')
    return re.sub(r"\b(Concat|LinState|Linear|Multi|ReLU)\(", r"ls.\1(", text)


def _helpers() -> str:
    written = []
    for name in HELPERS:
        tree = ast.parse(inspect.getsource(getattr(debranch_examples, name))).body[0]
        written.append(f"def {name}(x):\n    {ast.unparse(tree.body[-1])}")
    text = _with_prefix("\n\n\n".join(written))
    return f"Some examples use these:\n\n```python\n{text}\n```\n"


def reasons() -> dict[str, list[str]]:
    """Return why each rule declines: what its function says, and what it says in the examples."""
    found: dict[str, dict[str, None]] = {c: dict.fromkeys(_written(r)) for c, r in RULES.items()}
    for case in RULES:
        trace = debranch(example(case))
        graph = trace.graph_at(0)
        for step in [*trace, None]:
            for vertex in graph.topological():
                _ask(graph, vertex, found)
            if step is not None:
                graph.apply(step.delta)
    return {case: list(texts) for case, texts in found.items()}


def _written(rule: Rule) -> list[str]:
    """Return the reasons in the source of a rule, in their order."""
    calls = ast.walk(ast.parse(inspect.getsource(rule.propose)))
    return [
        call.args[0].value
        for call in calls
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "Decline"
    ]


def _ask(graph: Graph, vertex: int, found: dict[str, dict[str, None]]) -> None:
    for case, rule in RULES.items():
        if case.startswith("F") or len(graph.readers[vertex]) > 1:
            answer = rule.propose(graph, vertex)
            if isinstance(answer, Decline):
                found[case][answer.because] = None


# --- what is measured ------------------------------------------------------------------------
def measured(examples: int = PROGRAMS) -> dict[str, int]:
    """Return how many of so many random programs use each rule."""
    from hypothesis import HealthCheck, Phase, given, seed, settings

    from tests.strategies import programs

    used: Counter[str] = Counter()

    @seed(SEED)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(programs())
    def count(program):
        used.update(debranch(program).cases().keys())

    count()
    return dict(used)


def recorded(text: str) -> dict[str, int]:
    """Return the counts that a page shows."""
    rows = re.findall(r"^\| \[(\w+)\]\(#rule-\w+\) \|.*\| (\d+) \|$", text, flags=re.M)
    return {case: int(count) for case, count in rows}


if __name__ == "__main__":
    PAGE.write_text(page(measured()), encoding="utf-8")
