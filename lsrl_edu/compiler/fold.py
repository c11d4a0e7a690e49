"""The fusions of the preparation step (paper, App. A): neighbours that are one operation."""

from __future__ import annotations

from dataclasses import replace

from lsrl_edu.compiler.rewrite import Decline, Delta, Draft, Graph, Rule, linear
from lsrl_edu.numbers import Matrix


def fuse_linears(graph: Graph, v: int) -> Delta | Decline:
    """A2 (A1 x + b1) + b2 = (A2 A1) x + (A2 b1 + b2): a composition of affine maps is one."""
    outer = graph.vertices[v]
    if outer.kind != "Linear":
        return Decline("it is not a Linear")
    inner = graph.vertices[outer.inputs[0]]
    if inner.kind != "Linear":
        return Decline("it does not read a Linear")
    if len(graph.readers[outer.inputs[0]]) > 1:
        return Decline("the Linear it reads has other readers")
    A, b = outer.parts["A"], outer.parts["b"]
    draft = Draft(graph)
    fused = A @ inner.parts["A"], A @ inner.parts["b"] + b
    draft.set(v, linear(inner.inputs[0], *fused, outer.name))
    draft.remove(outer.inputs[0])
    return draft.delta()


def drop_second_relu(graph: Graph, v: int) -> Delta | Decline:
    """max(0, max(0, x)) = max(0, x)."""
    outer = graph.vertices[v]
    if outer.kind != "ReLU" or graph.vertices[outer.inputs[0]].kind != "ReLU":
        return Decline("it is not a ReLU of a ReLU")
    if len(graph.readers[outer.inputs[0]]) > 1:
        return Decline("the ReLU it reads has other readers")
    draft = Draft(graph)
    draft.set(v, replace(outer, inputs=graph.vertices[outer.inputs[0]].inputs))
    draft.remove(outer.inputs[0])
    return draft.delta()


def fuse_linear_into_state(graph: Graph, v: int) -> Delta | Decline:
    """B (A1 x + b1) + b = (B A1) x + (B b1 + b)."""
    state = graph.vertices[v]
    if state.kind != "LinState" or graph.vertices[state.inputs[0]].kind != "Linear":
        return Decline("it is not a LinState that reads a Linear")
    if len(graph.readers[state.inputs[0]]) > 1:
        return Decline("the Linear it reads has other readers")
    inner = graph.vertices[state.inputs[0]]
    B, b = state.parts["B"], state.parts["b"]
    parts = {**state.parts, "B": B @ inner.parts["A"], "b": B @ inner.parts["b"] + b}
    draft = Draft(graph)
    draft.set(v, replace(state, inputs=inner.inputs, parts=parts))
    draft.remove(state.inputs[0])
    return draft.delta()


def concat_of_one(graph: Graph, v: int) -> Delta | Decline:
    """Concat(x, ..., x) = [I; ...; I] x: it only repeats its input."""
    concat = graph.vertices[v]
    if concat.kind != "Concat":
        return Decline("it is not a Concat")
    if len(set(concat.inputs)) > 1:
        return Decline("its inputs are not all the same")
    x = concat.inputs[0]
    eye = Matrix.eye(graph.vertices[x].dim)
    draft = Draft(graph)
    draft.set(v, linear(x, Matrix.vstack([eye] * len(concat.inputs)), name=concat.name))
    return draft.delta()


def drop_identity(graph: Graph, v: int) -> Delta | Decline:
    """I x + 0 = x."""
    vertex = graph.vertices[v]
    if vertex.kind != "Linear" or vertex.parts["b"].nonzeros:
        return Decline("it is not a Linear without bias")
    if vertex.parts["A"] != Matrix.eye(vertex.dim):
        return Decline("its matrix is not the identity")
    draft = Draft(graph)
    for reader in graph.readers[v]:
        draft.read_instead(reader, v, vertex.inputs[0])
    if graph.output == v:
        draft.output = vertex.inputs[0]
    draft.remove(v)
    return draft.delta()


FUSIONS = (
    Rule("F1", "Linear after Linear", "A2 (A1 x + b1) + b2 = (A2 A1) x + (A2 b1 + b2)",
         fuse_linears),
    Rule("F2", "ReLU after ReLU", "ReLU(ReLU(x)) = ReLU(x)", drop_second_relu),
    Rule("F3", "Linear before LinState", "B (A1 x + b1) + b = (B A1) x + (B b1 + b)",
         fuse_linear_into_state),
    Rule("F4", "Concat of one node", "Concat(x, ..., x) = [I; ...; I] x", concat_of_one),
    Rule("F5", "identity", "I x + 0 = x", drop_identity),
)  # fmt: skip
