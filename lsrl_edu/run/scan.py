"""Linear recurrences s_t = A s_{t-1} + u_t over whole sequences, in closed form where there is one.

The transition matrix decides how (:func:`classify`):

===========  =====================================  ==============================================
kind         A                                      how
===========  =====================================  ==============================================
zero         0                                      copy
identity     1 on the diagonal                      cumulative sum
diagonal     anything on the diagonal               chunks: one product with powers of the entry
shift        one 1 a row, never coming back         a copy, moved in time
permutation  one 1 a row and column                 a cumulative sum in coordinates that turn too
dense        everything else                        chunks: one product with powers of A
===========  =====================================  ==============================================

Shapes: n state entries, B sequences, T steps; u is (n, B, T), so that time is contiguous.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch

from lsrl_edu.compiler.states import independent_entries
from lsrl_edu.numbers import Matrix

CHUNK = 64
"""Steps that a diagonal recurrence takes in one matrix product."""
DENSE_CHUNK = 64
"""Steps times entries that a dense recurrence takes in one matrix product."""


@dataclass(frozen=True)
class Block:
    """Entries of a state that depend on each other, and the kind of their transition.

    Attributes:
        kind: see the module's table.
        entries: which entries of the state.
        A: their transition matrix.
        s0: their initial values, (len(entries), 1).
    """

    kind: str
    entries: tuple[int, ...]
    A: Matrix
    s0: Matrix


def classify(A: Matrix, s0: Matrix) -> tuple[Block, ...]:
    """Split a recurrence into blocks, entries of the same simple kind together."""
    simple: dict[str, list[int]] = {"zero": [], "identity": [], "diagonal": []}
    blocks = []
    for entries in independent_entries(A):
        if len(entries) == 1:
            value = A[entries[0], entries[0]]
            simple[{0: "zero", 1: "identity"}.get(value, "diagonal")].append(entries[0])
        else:
            blocks.append(_block(_kind(A.part(entries)), entries, A, s0))
    merged = [_block(kind, entries, A, s0) for kind, entries in simple.items() if entries]
    return (*merged, *blocks)


def _kind(A: Matrix) -> str:
    """Return the kind of a block of several entries."""
    if all(len(row) <= 1 and all(v == 1 for _, v in row) for row in A.rows):
        targets = [row[0][0] for row in A.rows if row]
        if len(targets) == A.shape[0] and len(set(targets)) == len(targets):
            return "permutation"
        if _is_nilpotent(A):
            return "shift"
    return "dense"


def _is_nilpotent(A: Matrix) -> bool:
    """Whether following the single entries of the rows always ends."""
    step = {i: row[0][0] for i, row in enumerate(A.rows) if row}
    for start in step:
        here = start
        for _ in range(A.shape[0] + 1):
            here = step.get(here, -1)
        if here >= 0:
            return False
    return True


def _block(kind: str, entries: list[int], A: Matrix, s0: Matrix) -> Block:
    start = Matrix.of([[s0[i, 0]] for i in entries])
    return Block(kind, tuple(entries), A.part(entries), start)


# --- running one block: (block, u (n, B, T)) -> s (n, B, T) ------------------------------------


def run_block(block: Block, u: torch.Tensor) -> torch.Tensor:
    """Return s_1 ... s_T of one block for its input u (n, B, T)."""
    if u.shape[2] == 0:
        return u
    return _RUNNERS[block.kind](block, u)


def run_block_naive(block: Block, u: torch.Tensor) -> torch.Tensor:
    """The definition, one step after the other: what every closed form is compared with."""
    A = _numbers(block.A, u)
    state = _numbers(block.s0, u).expand(-1, u.shape[1])
    out = []
    for t in range(u.shape[2]):
        state = A @ state + u[:, :, t]
        out.append(state)
    return torch.stack(out, dim=2) if out else u


def _numbers(matrix: Matrix, like: torch.Tensor) -> torch.Tensor:
    return torch.tensor(matrix.float64, dtype=like.dtype, device=like.device)


def _zero(block: Block, u: torch.Tensor) -> torch.Tensor:
    return u


def _identity(block: Block, u: torch.Tensor) -> torch.Tensor:
    return torch.cumsum(u, dim=2).add_(_numbers(block.s0, u)[:, :, None])


def _diagonal(block: Block, u: torch.Tensor) -> torch.Tensor:
    """Within a chunk, s_k = a^k s_before + sum_j a^{k-j} u_j: one product with powers of a."""
    loops = _numbers(block.A, u).diagonal()
    size = min(CHUNK, u.shape[2])
    steps = torch.arange(size, device=u.device)
    gaps = steps[:, None] - steps
    powers = (loops[:, None, None] ** gaps.clamp(min=0)).tril()  # (n, k, j)
    carry = loops[:, None] ** (steps + 1)  # (n, k)
    state = _numbers(block.s0, u).expand(-1, u.shape[1])
    out = []
    for part in u.split(size, dim=2):
        k = part.shape[2]
        s = part @ powers[:, :k, :k].mT + carry[:, None, :k] * state[:, :, None]
        state = s[:, :, -1]
        out.append(s)
    return torch.cat(out, dim=2)


def _shift(block: Block, u: torch.Tensor) -> torch.Tensor:
    """Every entry is its own input plus its source one step earlier."""
    start = _numbers(block.s0, u)[:, 0]
    out = u.clone()
    for i, source in _sources_first(block.A):
        out[i, :, 0] += start[source]
        out[i, :, 1:] += out[source, :, :-1]
    return out


def _sources_first(A: Matrix) -> list[tuple[int, int]]:
    """Return (entry, source) pairs so that each source comes before those that read it."""
    source = {i: row[0][0] for i, row in enumerate(A.rows) if row}

    def distance(i: int) -> int:
        steps = 0
        while i in source:
            i, steps = source[i], steps + 1
        return steps

    return [(i, source[i]) for i in sorted(source, key=distance)]


def _permutation(block: Block, u: torch.Tensor) -> torch.Tensor:
    """Turn time back: in coordinates that move with the cycle the state is a cumulative sum."""
    n, length = u.shape[0], u.shape[2]
    source = [row[0][0] for row in block.A.rows]
    where = [list(range(n))]  # where[t][i]: the start entry that sits in entry i after t steps
    for _ in range(length):
        where.append([where[-1][s] for s in source])
    moving = torch.tensor(where[1:], device=u.device).T[:, None].expand(-1, u.shape[1], -1)
    still = torch.zeros_like(u).scatter_(0, moving, u)
    total = torch.cumsum(still, dim=2).add_(_numbers(block.s0, u)[:, :, None])
    return torch.gather(total, 0, moving)


def _dense(block: Block, u: torch.Tensor) -> torch.Tensor:
    """As for a diagonal, with the powers of a matrix: s_k = A^k s_before + sum_j A^{k-j} u_j."""
    n, count, length = u.shape
    size = max(1, min(DENSE_CHUNK // n, length))
    A = _numbers(block.A, u)
    powers = [torch.eye(n, dtype=u.dtype, device=u.device)]
    for _ in range(size):
        powers.append(powers[-1] @ A)
    zero = torch.zeros_like(A)
    rows = [
        torch.cat([powers[k - j] if j <= k else zero for j in range(size)], 1) for k in range(size)
    ]
    inner = torch.stack(rows).unflatten(2, (size, n))  # (k, n, j, n')
    carry = torch.stack(powers[1:])  # (k, n, n')
    state = _numbers(block.s0, u).expand(-1, count)
    out = []
    for part in u.split(size, dim=2):
        k = part.shape[2]
        s = torch.einsum("kajc,cbj->abk", inner[:k, :, :k], part)
        s = s + torch.einsum("kac,cb->abk", carry[:k], state)
        state = s[:, :, -1]
        out.append(s)
    return torch.cat(out, dim=2)


_RUNNERS = {
    "zero": _zero,
    "identity": _identity,
    "diagonal": _diagonal,
    "shift": _shift,
    "permutation": _permutation,
    "dense": _dense,
}
