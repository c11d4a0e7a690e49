"""The moves that several cases of debranching share (paper, Appendix A).

Each works on a :class:`~lsrl_edu.compiler.rewrite.Draft`: v is the branching node, d its width.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from lsrl_edu.compiler.rewrite import Decline, Delta, Draft, Graph, Vertex, linear
from lsrl_edu.numbers import Matrix


def kinds(graph: Graph, users: Sequence[int]) -> list[str]:
    """Return the kind of each vertex."""
    return [graph.vertices[u].kind for u in users]


def merge_equal(graph: Graph, v: int, kind: str) -> Delta | Decline:
    """Keep one of the readers of v, where all are of this kind and so have one value."""
    users = graph.readers[v]
    if set(kinds(graph, users)) != {kind}:
        return Decline(f"not all readers are {kind}s")
    draft, (keep, *others) = Draft(graph), users
    for other in others:
        for reader in draft.readers(other):
            draft.read_instead(reader, other, keep)
        draft.remove(other)
    return draft.delta()


def become_slice(draft: Draft, user: int, x: int, rows: Sequence[int], width: int) -> None:
    """Put a slice of x in the place of ``user``; whoever read it reads the slice."""
    draft.set(user, linear(x, Matrix.selection(rows, width), name=draft[user].name))


def read_slice(draft: Draft, user: int, old: int, x: int, rows: Sequence[int], width: int) -> None:
    """Let ``user`` read a slice of x (of its own) instead of ``old``."""
    own = draft.add(linear(x, Matrix.selection(rows, width)))
    draft.read_instead(user, old, own)


def _stacked(parts: Sequence[tuple[Matrix, Matrix]]) -> tuple[Matrix, Matrix, list[list[int]]]:
    """Stack affine maps of the same vertex, equal rows once.

    Returns:
        The matrix, the bias, and for each part the rows that hold it.
    """
    places: dict[tuple, int] = {}
    rows = [
        [places.setdefault((row, bias), len(places)) for row, bias in _rows(A, b)] for A, b in parts
    ]
    A = Matrix((row for row, _ in places), parts[0][0].shape[1])
    return A, Matrix.of([[bias] for _, bias in places]), rows


def _rows(A: Matrix, b: Matrix) -> Iterable[tuple]:
    return zip(A.rows, b.first_column, strict=True)


def one_state(draft: Draft, v: int, states: Sequence[int], others: Sequence[int]) -> None:
    """Fuse states; the others read v through a state without memory."""
    d = draft[v].dim
    parts = [draft[s].parts for s in states]
    if others:
        zero = Matrix.zeros(d, 1)
        parts.append({"A": Matrix.zeros(d, d), "B": Matrix.eye(d), "b": zero, "init_state": zero})
    joint = {key: Matrix.vstack([p[key] for p in parts]) for key in ("B", "b", "init_state")}
    joint["A"] = Matrix.block_diagonal([p["A"] for p in parts])
    width = joint["A"].shape[0]
    ordered = {key: joint[key] for key in ("A", "B", "b", "init_state")}
    names = [draft[s].name for s in states if draft[s].name]
    state = draft.add(Vertex("LinState", (v,), width, ordered, " & ".join(names) or None))
    start = 0
    for s in states:
        size = draft[s].dim
        become_slice(draft, s, state, range(start, start + size), width)
        start += size
    for user in others:
        read_slice(draft, user, v, state, range(start, width), width)


def stack(
    draft: Draft, v: int, linears: Sequence[int], others: Sequence[int]
) -> tuple[int, list[int]]:
    """Stack Linears (and what the others need of v); return the stack and its slices."""
    parts = [(draft[u].parts["A"], draft[u].parts["b"]) for u in linears]
    needs = [_needed(draft, user, v) for user in others]
    parts += [(Matrix.selection(need, draft[v].dim), _no_bias(need)) for need in needs]
    A, b, rows = _stacked(parts)
    stacked, width = draft.add(linear(v, A, b)), A.shape[0]
    for u, own in zip(linears, rows, strict=False):
        become_slice(draft, u, stacked, own, width)
    slices = list(linears)
    for user, need, own in zip(others, needs, rows[len(linears) :], strict=True):
        slices.append(draft.add(linear(stacked, Matrix.selection(own, width))))
        _read_part(draft, user, v, need, slices[-1])
    return stacked, slices


def _no_bias(rows: Sequence) -> Matrix:
    return Matrix.zeros(len(rows), 1)


def _needed(draft: Draft, user: int, v: int) -> list[int]:
    """Return the entries of v that ``user`` makes use of: for a Concat, look at what reads it."""
    everything = list(range(draft[v].dim))
    readers = draft.readers(user)
    if draft[user].kind != "Concat" or len(readers) != 1 or draft[readers[0]].kind != "Linear":
        return everything
    used = {c for row in draft[readers[0]].parts["A"].rows for c, _ in row}
    start, needed = 0, set()
    for x in draft[user].inputs:
        if x == v:
            needed |= {i for i in everything if start + i in used}
        start += draft[x].dim
    return sorted(needed) or everything[:1]


def _read_part(draft: Draft, user: int, v: int, need: Sequence[int], x: int) -> None:
    """Let ``user`` read x, which holds the entries ``need`` of v, where it read v."""
    vertex = draft[user]
    if len(need) < draft[v].dim:  # a Concat with one reader, a Linear: drop its other columns
        kept, start = [], 0
        for y in vertex.inputs:
            kept += [start + i for i in (need if y == v else range(draft[y].dim))]
            start += draft[y].dim
        (reader,) = draft.readers(user)
        A = draft[reader].parts["A"] @ Matrix.selection(kept, start).T
        draft.set(reader, replace(draft[reader], parts={**draft[reader].parts, "A": A}))
    inputs = tuple(x if y == v else y for y in vertex.inputs)
    width = sum(draft[y].dim for y in inputs) if vertex.kind == "Concat" else vertex.dim
    draft.set(user, replace(vertex, inputs=inputs, dim=width))


def is_for_one_relu(graph: Graph, u: int) -> bool:
    """Whether one ReLU, and nothing else, reads the vertex."""
    readers = graph.readers[u]
    return len(readers) == 1 and graph.vertices[readers[0]].kind == "ReLU"


def relu_layer(graph: Graph, v: int) -> Delta:
    """Put one ReLU of [A; I; -I] v on the path: ReLUs read it, and so does everybody else.

    An entry of v that cannot be negative needs no second copy: ReLU(v) = v.
    """
    draft, users, d = Draft(graph), graph.readers[v], graph.vertices[v].dim
    relus = [u for u in users if graph.vertices[u].kind == "ReLU"]
    through = [u for u in users if graph.vertices[u].kind == "Linear"
               and is_for_one_relu(graph, u)]  # fmt: skip
    around = [u for u in users if u not in relus and u not in through]
    needs = [_needed(draft, user, v) for user in around]
    direct = list(range(d)) if relus else sorted({i for need in needs for i in need})
    signed = [i for i in _may_be_negative(graph, v) if any(i in need for need in needs)]
    parts = [(graph.vertices[u].parts["A"], graph.vertices[u].parts["b"]) for u in through]
    parts += [(Matrix.selection(direct, d), _no_bias(direct))]
    parts += [(Matrix.selection(signed, d) * -1, _no_bias(signed))] if signed else []
    A, b, rows = _stacked(parts)
    bent = draft.add(Vertex("ReLU", (draft.add(linear(v, A, b)),), A.shape[0]))
    for u, own in zip(through, rows, strict=False):
        become_slice(draft, graph.readers[u][0], bent, own, A.shape[0])
        draft.remove(u)
    plus = dict(zip(direct, rows[len(through)], strict=True))
    minus = dict(zip(signed, rows[-1], strict=True)) if signed else {}
    for u in relus:
        become_slice(draft, u, bent, rows[len(through)], A.shape[0])
    for user, need in zip(around, needs, strict=True):
        back = Matrix((_difference(plus[i], minus.get(i)) for i in need), A.shape[0])
        _read_part(draft, user, v, need, draft.add(linear(bent, back)))
    return draft.delta()


def _difference(plus: int, minus: int | None) -> tuple:
    return ((plus, 1),) if minus is None else tuple(sorted([(plus, 1), (minus, -1)]))


def _may_be_negative(graph: Graph, v: int) -> list[int]:
    """Return the entries of a vertex that are not known to be 0 or more."""
    vertex = graph.vertices[v]
    if vertex.kind == "ReLU":
        return []
    if vertex.kind == "Linear":
        free = set(_may_be_negative(graph, vertex.inputs[0]))
        rows = _rows(vertex.parts["A"], vertex.parts["b"])
        return [
            i
            for i, (row, bias) in enumerate(rows)
            if bias < 0 or any(value < 0 or c in free for c, value in row)
        ]
    return list(range(vertex.dim))


def push_slices(draft: Draft, v: int, slices: Sequence[int]) -> None:
    """Push slices of v into their readers (case 5A)."""
    if any(draft[r].kind == "Multi" for s in slices for r in draft.readers(s)):
        _multiply_slices(draft, v, slices)
        return
    for s in slices:
        selection = draft[s].parts["A"]
        for reader in draft.readers(s):
            _push_into(draft, v, s, selection, reader)
        if draft.output != s:
            draft.remove(s)


def _push_into(draft: Draft, v: int, s: int, selection: Matrix, reader: int) -> None:
    vertex = draft[reader]
    if vertex.kind in ("Linear", "LinState"):
        key = "A" if vertex.kind == "Linear" else "B"
        parts = {**vertex.parts, key: vertex.parts[key] @ selection}
        draft.set(reader, replace(vertex, inputs=(v,), parts=parts))
    elif vertex.kind == "ReLU":
        bent = draft.add(Vertex("ReLU", (v,), draft[v].dim))
        draft.set(reader, linear(bent, selection, name=vertex.name))
    else:  # a Concat: S v becomes v, and the selection comes after
        inputs = tuple(v if x == s else x for x in vertex.inputs)
        blocks = [selection if x == s else Matrix.eye(draft[x].dim) for x in vertex.inputs]
        wide = draft.add(Vertex("Concat", inputs, sum(draft[x].dim for x in inputs)))
        draft.set(reader, linear(wide, Matrix.block_diagonal(blocks), name=vertex.name))


def _multiply_slices(draft: Draft, v: int, slices: Sequence[int]) -> None:
    """One Linear and one Multi for all products; the other slices are multiplied by 1."""
    d, left, right, ones, takers = draft[v].dim, [], [], [], []
    for s in slices:
        selection, size = draft[s].parts["A"], draft[s].dim
        readers = draft.readers(s)
        multis = [r for r in readers if draft[r].kind == "Multi"]
        if multis:
            half = size // 2
            left.append(Matrix(selection.rows[:half], d))
            right.append(Matrix(selection.rows[half:], d))
            ones += [0] * half
            takers.append((multis, s, half))
        if len(multis) < len(readers):
            left.append(selection)
            right.append(Matrix.zeros(size, d))
            ones += [1] * size
            takers.append(([], s, size))
    A = Matrix.vstack([*left, *right])
    b = Matrix.of([[0]] * len(ones) + [[x] for x in ones])
    gate = draft.add(Vertex("Multi", (draft.add(linear(v, A, b)),), len(ones)))
    start = 0
    for multis, s, size in takers:
        rows = range(start, start + size)
        for taker in multis or [s]:
            become_slice(draft, taker, gate, rows, len(ones))
        start += size
    for s in slices:
        if not draft.readers(s):
            draft.remove(s)
