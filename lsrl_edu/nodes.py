"""The six node classes of LSRL (paper, Section 3), immutable and interned.

A node is a value: one vector for every element of the sequence. Building a node with the same
parts twice gives the same object, so identity is equality and a common subexpression is shared
without anybody looking for it.

============  =============================================  ================================
node          value at step t                                 width
============  =============================================  ================================
``Input``     x_t                                             ``dim``
``Linear``    A x + b                                         rows of A
``ReLU``      max(0, x), elementwise                          width of x
``LinState``  s_t = A s_{t-1} + B x_t + b, starting at s_0    rows of A
``Concat``    the inputs stacked                              sum of the widths
``Multi``     x[:d/2] * x[d/2:], elementwise                  half the width of x
============  =============================================  ================================

Only ``LinState`` carries anything from one element to the next. Since a node must exist before
another can use it, the graph has no cycles: a state can never depend on its own value at the
same step.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any
from weakref import WeakValueDictionary

from lsrl_edu.errors import ProgramError, ShapeError
from lsrl_edu.numbers import Matrix, Number, exact

# Equal parts -> the same node. Weak, so that nodes nobody uses any more are forgotten.
_interned: WeakValueDictionary[tuple, Node] = WeakValueDictionary()


class Node:
    """One node of a program. Do not call this class: use one of its six subclasses.

    Attributes:
        inputs: the nodes whose values this one reads.
        dim: the width d of its value.
        name: the reader's own name for it, or None.
    """

    __slots__ = ("__weakref__", "dim", "inputs", "name", "parts")
    __array_ufunc__ = None  # lets ``numpy_matrix @ node`` reach Node.__rmatmul__

    inputs: tuple[Node, ...]
    dim: int
    name: str | None
    parts: dict[str, Any]

    def __new__(cls, *args: Any, **kwargs: Any) -> Node:
        raise TypeError("Use Input, Linear, ReLU, LinState, Concat or Multi.")

    @classmethod
    def _intern(cls, inputs: tuple[Node, ...], dim: int, name: str | None, **parts: Any) -> Node:
        if name is not None and not isinstance(name, str):
            raise ProgramError(f"name={name!r}: the name of a {cls.__name__} must be a string.")
        key = (cls, inputs, dim, name, *parts.values())
        node = _interned.get(key)
        if node is None:
            node = object.__new__(cls)
            fields = {"inputs": inputs, "dim": dim, "name": name, "parts": parts}
            for field, value in fields.items():
                object.__setattr__(node, field, value)
            _interned[key] = node
        return node

    def __setattr__(self, field: str, value: Any) -> None:
        raise AttributeError(f"Nodes are immutable: cannot set {field} of {self}.")

    def __getattr__(self, field: str) -> Any:
        """Reach A, B, b and init_state as attributes."""
        if not field.startswith("_") and field in (parts := self.parts):
            return parts[field]
        raise AttributeError(f"{type(self).__name__} has no attribute {field!r}")

    def __copy__(self) -> Node:
        return self

    def __deepcopy__(self, memo: dict) -> Node:
        return self

    def __reduce__(self) -> tuple:
        return _rebuild, (type(self), self.inputs, self.dim, self.name, self.parts)

    def named(self, name: str) -> Node:
        """Return the same node under another name."""
        return self._intern(self.inputs, self.dim, name, **self.parts)

    # --- how a node shows itself ----------------------------------------------------------
    @property
    def kind(self) -> str:
        """The class name: Input, Linear, ReLU, LinState, Concat or Multi."""
        return type(self).__name__

    @property
    def label(self) -> str:
        """The name where there is one, the kind otherwise."""
        return self.name or self.kind

    def __repr__(self) -> str:
        called = f" {self.name!r}" if self.name else ""
        reads = ", ".join(x.label for x in self.inputs)
        return f"<{self.kind}{called} width {self.dim}" + (f" of {reads}>" if reads else ">")

    # --- operators ------------------------------------------------------------------------
    def __add__(self, other: Any) -> Node:
        if isinstance(other, Node):
            return _weighted_sum(self, other, 1)
        return Linear(self, Matrix.eye(self.dim), _constant_vector(other, self))

    __radd__ = __add__

    def __sub__(self, other: Any) -> Node:
        if isinstance(other, Node):
            return _weighted_sum(self, other, -1)
        return Linear(self, Matrix.eye(self.dim), _constant_vector(other, self) * -1)

    def __rsub__(self, other: Any) -> Node:
        return Linear(self, Matrix.eye(self.dim) * -1, _constant_vector(other, self))

    def __neg__(self) -> Node:
        return self * -1

    def __mul__(self, other: Any) -> Node:
        if isinstance(other, Node):
            return Multi(Concat(*same_width(self, other)))
        return Linear(self, Matrix.eye(self.dim) * _factor(other, self))

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Node:
        if isinstance(other, Node):
            raise ProgramError(
                f"Cannot divide {self.label} by {other.label}: LSRL has no division."
            )
        if _factor(other, self) == 0:
            raise ProgramError(f"Cannot divide {self.label} by zero.")
        return self * (Fraction(1) / exact(other))

    def __pow__(self, power: Any) -> Node:
        raise ProgramError(f"LSRL has no powers: write {self.label} * {self.label}.")

    def __rmatmul__(self, matrix: Any) -> Node:
        """``A @ x``: the matrix product, a Linear without bias."""
        return Linear(self, matrix)

    def __matmul__(self, matrix: Any) -> Node:
        """``x @ A``: x is a row vector, as in numpy, so this is Linear(x, A^T)."""
        return Linear(self, Matrix.of(matrix).T)

    def __getitem__(self, index: int | slice) -> Node:
        """``x[i]`` and ``x[i:j]``: a Linear with a 0/1 matrix."""
        if isinstance(index, slice):
            chosen = list(range(self.dim)[index])
        elif isinstance(index, int):
            if not -self.dim <= index < self.dim:  # IndexError also ends ``for part in x``
                raise IndexError(f"{self.label} has width {self.dim}; there is no part {index}.")
            chosen = [index % self.dim]
        else:
            raise ShapeError(f"{self.label}[{index!r}]: use a number or a slice.")
        if not chosen:
            raise ShapeError(
                f"{self.label}[{index}] is empty: {self.label} has width {self.dim}. It is ONE "
                "element and not the whole sequence; to look back, keep it in a LinState."
            )
        return Linear(self, Matrix.selection(chosen, self.dim))

    def __iter__(self) -> Iterator[Node]:
        return (self[i] for i in range(self.dim))

    def __len__(self) -> int:
        return self.dim

    def __bool__(self) -> bool:
        raise ProgramError(
            f"'if {self.label}:' asks for a truth value, but {self.label} has a different value at "
            "every step. Use f_ifelse(condition, then, otherwise)."
        )

    def _no_comparison(self, other: Any) -> Node:
        raise ProgramError(
            f"{self.label} cannot be compared with < or >: it has a different value at every step. "
            "Use f_larger(x, y) or f_smaller(x, y)."
        )

    __lt__ = __le__ = __gt__ = __ge__ = _no_comparison


class Input(Node):
    """x_t, the element of the sequence: a vector of width ``dim``. One per program."""

    __slots__ = ()

    def __new__(cls, dim: int = 1, name: str | None = None) -> Node:
        if not isinstance(dim, int) or isinstance(dim, bool) or dim < 1:
            raise ShapeError(f"Input(dim={dim!r}): the width must be an integer of at least 1.")
        return cls._intern((), dim, name)


class Linear(Node):
    """A x + b.

    Args:
        x: a node of width d.
        A: a matrix (m, d).
        b: a vector of m numbers; zero if left out.
        name: your name for it.
    """

    __slots__ = ()

    def __new__(cls, x: Node, A: Any, b: Any = None, name: str | None = None) -> Node:
        x = as_node(x, "Linear")
        A = Matrix.of(A)
        _check_columns("Linear", name, "A", A, x)
        b = _vector(b, A.shape[0], "Linear", name, "b")
        return cls._intern((x,), A.shape[0], name, A=A, b=b)


class ReLU(Node):
    """max(0, x), elementwise."""

    __slots__ = ()

    def __new__(cls, x: Node, name: str | None = None) -> Node:
        x = as_node(x, "ReLU")
        return cls._intern((x,), x.dim, name)


class LinState(Node):
    """s_t = A s_{t-1} + B x_t + b: write, then read. The only memory there is (Eq. 3).

    Args:
        x: a node of width d.
        A: the transition matrix (n, n).
        B: the input matrix (n, d).
        b: a vector of n numbers; zero if left out.
        init_state: s_0, n numbers; zero if left out. It is never emitted: the first value is s_1.
        name: your name for it.
    """

    __slots__ = ()

    def __new__(
        cls,
        x: Node,
        A: Any,
        B: Any,
        b: Any = None,
        init_state: Any = None,
        name: str | None = None,
    ) -> Node:
        x = as_node(x, "LinState")
        A, B = Matrix.of(A), Matrix.of(B)
        if A.shape[0] != A.shape[1]:
            raise ShapeError(f"{_where('LinState', name)}: A must be square, but it is {A.shape}.")
        if B.shape[0] != A.shape[0]:
            raise ShapeError(
                f"{_where('LinState', name)}: A is {A.shape} and B is {B.shape}; "
                "both need one row for each entry of the state."
            )
        _check_columns("LinState", name, "B", B, x)
        b = _vector(b, A.shape[0], "LinState", name, "b")
        s0 = _vector(init_state, A.shape[0], "LinState", name, "init_state")
        return cls._intern((x,), A.shape[0], name, A=A, B=B, b=b, init_state=s0)


class Concat(Node):
    """The inputs stacked: Concat(x, y, ...) or Concat([x, y, ...])."""

    __slots__ = ()

    def __new__(cls, *inputs: Node, name: str | None = None) -> Node:
        if len(inputs) == 1 and isinstance(inputs[0], list | tuple):
            inputs = tuple(inputs[0])
        if not inputs:
            raise ShapeError(f"{_where('Concat', name)}: give at least one node to stack.")
        inputs = tuple(as_node(x, "Concat") for x in inputs)
        return cls._intern(inputs, sum(x.dim for x in inputs), name)


class Multi(Node):
    """x[:d/2] * x[d/2:], elementwise: the multiplicative gate (Eq. 4)."""

    __slots__ = ()

    def __new__(cls, x: Node, name: str | None = None) -> Node:
        x = as_node(x, "Multi")
        if x.dim % 2:
            raise ShapeError(
                f"{_where('Multi', name)} multiplies the first half of its input with the second, "
                f"so the width must be even; {x.label} has width {x.dim}."
            )
        return cls._intern((x,), x.dim // 2, name)


def as_node(value: Any, user: str) -> Node:
    """Return ``value`` if it is a node.

    Raises:
        ProgramError: naming the user of the value, if it is not.
    """
    if isinstance(value, Node):
        return value
    hint = "f_constant(x, value) turns a number into a node."
    raise ProgramError(f"{user} reads nodes, but got {type(value).__name__} {value!r}. {hint}")


def same_width(x: Node, y: Node) -> tuple[Node, Node]:
    """Return both nodes at the same width: a node of width 1 is repeated as often as needed."""
    if x.dim == y.dim:
        return x, y
    if x.dim == 1:
        return repeated(x, y.dim), y
    if y.dim == 1:
        return x, repeated(y, x.dim)
    raise ShapeError(
        f"{x.label} has width {x.dim} and {y.label} has width {y.dim}. "
        "Elementwise operations need equal widths, or one of width 1."
    )


def repeated(x: Node, times: int) -> Node:
    """Return the node of width 1 repeated: a Linear with a column of ones."""
    return Linear(x, [[1]] * times) if times > 1 else x


def _weighted_sum(x: Node, y: Node, factor: int) -> Node:
    """Return x + factor * y."""
    x, y = same_width(x, y)
    eye = Matrix.eye(x.dim)
    return Linear(Concat(x, y), Matrix.hstack([eye, eye * factor]))


def _constant_vector(value: Any, beside: Node) -> Matrix:
    return _vector(value, beside.dim, "Linear", beside.name, "the constant")


def _factor(value: Any, beside: Node) -> Number:
    if hasattr(value, "__len__") and not hasattr(value, "evalf"):
        raise ShapeError(
            f"{beside.label} times a vector or matrix: write 'matrix @ {beside.label}' for the "
            "matrix product."
        )
    return exact(value)


def _vector(value: Any, size: int, kind: str, name: str | None, what: str) -> Matrix:
    if value is None:
        return Matrix.zeros(size, 1)
    vector = Matrix.column(value, size)
    if vector.shape != (size, 1):
        raise ShapeError(
            f"{_where(kind, name)}: {what} must hold {size} numbers, but its shape is "
            f"{vector.shape}."
        )
    return vector


def _check_columns(kind: str, name: str | None, what: str, matrix: Matrix, x: Node) -> None:
    if matrix.shape[1] != x.dim:
        raise ShapeError(
            f"{_where(kind, name)}: {what} is {matrix.shape[0]}x{matrix.shape[1]}, so it reads a "
            f"vector of width {matrix.shape[1]}, but {x.label} has width {x.dim}."
        )


def _where(kind: str, name: str | None) -> str:
    return f"{kind} {name!r}" if name else kind


def _rebuild(cls: type[Node], inputs: tuple, dim: int, name: str | None, parts: dict) -> Node:
    return cls._intern(inputs, dim, name, **parts)
