"""The 13 cases of debranching (paper, Appendix A), one pure function each.

v is the branching node, d its width. Each function's docstring is its proof.
"""

from __future__ import annotations

from lsrl_edu.compiler.debranch_moves import (
    become_slice,
    is_for_one_relu,
    kinds,
    merge_equal,
    one_state,
    push_slices,
    read_slice,
    relu_layer,
    stack,
)
from lsrl_edu.compiler.rewrite import Decline, Delta, Draft, Graph, Rule, Vertex, linear
from lsrl_edu.numbers import Matrix


def only_multi(graph: Graph, v: int) -> Delta | Decline:
    """All of them multiply the halves of the same v, so all have the same value: keep one."""
    return merge_equal(graph, v, "Multi")


def only_relu(graph: Graph, v: int) -> Delta | Decline:
    """All of them are ReLU(v): keep one."""
    return merge_equal(graph, v, "ReLU")


def some_multi(graph: Graph, v: int) -> Delta | Decline:
    """Multiplying by 1 changes nothing: Multi([v1; v; v2; 1]) = [v1 * v2; v], v = [v1; v2].

    The first part is what the Multis computed, the second is v for everybody else.
    """
    users = graph.readers[v]
    if "Multi" not in kinds(graph, users):
        return Decline("no reader is a Multi")
    d = graph.vertices[v].dim
    half, eye = d // 2, Matrix.eye(d)
    first = Matrix.selection(range(half), d)
    second = Matrix.selection(range(half, d), d)
    A = Matrix.vstack([first, eye, second, Matrix.zeros(d, d)])
    b = Matrix.of([[0]] * (2 * half + d) + [[1]] * d)
    draft = Draft(graph)
    gate = draft.add(Vertex("Multi", (draft.add(linear(v, A, b)),), half + d))
    for user in users:
        if graph.vertices[user].kind == "Multi":
            become_slice(draft, user, gate, range(half), half + d)
        else:
            read_slice(draft, user, v, gate, range(half, half + d), half + d)
    return draft.delta()


def only_states(graph: Graph, v: int) -> Delta | Decline:
    """States side by side are one state with a block-diagonal A, read through slices."""
    users = graph.readers[v]
    if set(kinds(graph, users)) != {"LinState"}:
        return Decline("not all readers are LinStates")
    draft = Draft(graph)
    one_state(draft, v, users, [])
    return draft.delta()


def only_concat(graph: Graph, v: int) -> Delta | Decline:
    """A Concat that reads v alone is [I; ...; I] v.

    There is always one: the first Concat cannot wait for another reader of v.
    """
    users = graph.readers[v]
    if set(kinds(graph, users)) != {"Concat"}:
        return Decline("not all readers are Concats")
    draft, eye = Draft(graph), Matrix.eye(graph.vertices[v].dim)
    for user in users:
        vertex = graph.vertices[user]
        if set(vertex.inputs) == {v}:
            stacked = Matrix.vstack([eye] * len(vertex.inputs))
            draft.set(user, linear(v, stacked, name=vertex.name))
    if not draft.changes:
        return Decline("every Concat also reads something else")
    return draft.delta()


def only_slices(graph: Graph, v: int) -> Delta | Decline:
    """A slice S is pushed into what reads it.

    A (S v) + b = (A S) v + b for Linear and LinState; ReLU(S v) = S ReLU(v), since ReLU looks at
    each entry alone; Concat(S v, w) = [S 0; 0 I] Concat(v, w). Where a Multi reads a slice, one
    Multi does all the products, and what is not multiplied is multiplied by 1.
    """
    users = graph.readers[v]
    if not all(graph.vertices[u].is_slice for u in users):
        return Decline("not all readers are slices")
    draft = Draft(graph)
    push_slices(draft, v, users)
    return draft.delta()


def only_linear(graph: Graph, v: int) -> Delta | Decline:
    """[A1; A2] v + [b1; b2] holds both A1 v + b1 and A2 v + b2: stack them, then slice."""
    users = graph.readers[v]
    if set(kinds(graph, users)) != {"Linear"}:
        return Decline("not all readers are Linears")
    draft = Draft(graph)
    stack(draft, v, users, [])
    return draft.delta()


def some_states(graph: Graph, v: int) -> Delta | Decline:
    """A state with A = 0 and B = I is v itself, so v can pass through the joint state."""
    users = graph.readers[v]
    states = [u for u in users if graph.vertices[u].kind == "LinState"]
    if not states:
        return Decline("no reader is a LinState")
    draft = Draft(graph)
    one_state(draft, v, states, [u for u in users if u not in states])
    return draft.delta()


def linear_then_relu(graph: Graph, v: int) -> Delta | Decline:
    """ReLU([A; I] v + [b; 0]) holds both ReLU(A v + b) and ReLU(v)."""
    users = graph.readers[v]
    if set(kinds(graph, users)) != {"Linear", "ReLU"}:
        return Decline("the readers are not Linears and ReLUs")
    if not all(is_for_one_relu(graph, u) for u in users if graph.vertices[u].kind == "Linear"):
        return Decline("a Linear is not followed by one ReLU alone")
    return relu_layer(graph, v)


def linear_and_relu(graph: Graph, v: int) -> Delta | Decline:
    """v = ReLU(v) - ReLU(-v), so a Linear can read v behind the ReLUs.

    A v = [A -A] ReLU([v; -v]).
    """
    if set(kinds(graph, graph.readers[v])) != {"Linear", "ReLU"}:
        return Decline("the readers are not Linears and ReLUs")
    return relu_layer(graph, v)


def linear_and_concat(graph: Graph, v: int) -> Delta | Decline:
    """I v = v: the Concats read v through the stacked Linear, and all slices are pushed on."""
    users = graph.readers[v]
    if set(kinds(graph, users)) != {"Linear", "Concat"}:
        return Decline("the readers are not Linears and Concats")
    linears = [u for u in users if graph.vertices[u].kind == "Linear"]
    draft = Draft(graph)
    stacked, slices = stack(draft, v, linears, [u for u in users if u not in linears])
    push_slices(draft, stacked, slices)
    return draft.delta()


def relu_and_concat(graph: Graph, v: int) -> Delta | Decline:
    """v = ReLU(v) - ReLU(-v), so the Concats can read v behind the ReLUs."""
    if set(kinds(graph, graph.readers[v])) != {"ReLU", "Concat"}:
        return Decline("the readers are not ReLUs and Concats")
    return relu_layer(graph, v)


def linear_relu_and_concat(graph: Graph, v: int) -> Delta | Decline:
    """As in cases 7 and 9: ReLU([A; I; -I] v) holds everything that anybody reads."""
    if set(kinds(graph, graph.readers[v])) != {"Linear", "ReLU", "Concat"}:
        return Decline("the readers are not Linears, ReLUs and Concats")
    return relu_layer(graph, v)


CASES = (
    Rule("1A", "all Multi", "Multi(v), Multi(v) = one Multi(v)", only_multi),
    Rule("1B", "some Multi", "Multi(v), v = slices of Multi([v1; v; v2; 1])", some_multi),
    Rule("2", "all LinState", "two states = slices of one, A block-diagonal", only_states),
    Rule("3", "all ReLU", "ReLU(v), ReLU(v) = one ReLU(v)", only_relu),
    Rule("4", "all Concat", "Concat(v, ..., v) = [I; ...; I] v", only_concat),
    Rule("5A", "all slices", "f(S v) = f read through S", only_slices),
    Rule("5B", "all Linear", "A1 v, A2 v = slices of [A1; A2] v", only_linear),
    Rule("6", "LinState and others", "v = a state with A = 0, B = I", some_states),
    Rule("7A", "ReLU, and Linear before a ReLU", "ReLU(v), ReLU(A v) = slices of ReLU([A; I] v)",
         linear_then_relu),
    Rule("7B", "ReLU and Linear", "A v = [A -A] ReLU([v; -v])", linear_and_relu),
    Rule("8", "Linear and Concat", "A v, v = slices of [A; I] v", linear_and_concat),
    Rule("9", "ReLU and Concat", "v = [I -I] ReLU([v; -v])", relu_and_concat),
    Rule("10", "Linear, ReLU and Concat", "A v, v = from ReLU([A; I; -I] v)",
         linear_relu_and_concat),
)  # fmt: skip
