"""Where the operations happen, and where in the residual stream their values are kept.

An architecture is a row of *blocks*; each reads the whole residual stream and adds to it. What a
block can do depends on the architecture (all kinds in a Mamba block; no states in an MLP).
A slot of the stream that is no longer read is cleared and used again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from lsrl_edu.backends.operations import Operation, Operations
from lsrl_edu.compiler.affine import Affine

EVERYTHING = frozenset({"relu", "product", "linear", "taps", "state"})
POINTWISE = frozenset({"relu", "product", "linear"})
NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Write:
    """An operation and the slot its value goes to.

    Attributes:
        operation: what is computed; its forms read slots.
        slot: of the residual stream.
    """

    operation: Operation
    slot: int


@dataclass(frozen=True)
class Block:
    """What one block does: operations, and slots that are set back to 0."""

    writes: tuple[Write, ...] = ()
    clears: tuple[int, ...] = ()

    @property
    def units(self) -> int:
        """The number of hidden units it needs, one for each operation and each cleared slot."""
        return len(self.writes) + len(self.clears)


@dataclass(frozen=True)
class Plan:
    """A network laid out in blocks.

    Attributes:
        blocks: from the input upwards.
        slots: the number of slots; inputs are in the first ones.
        outputs: the forms that are returned; they read slots.
    """

    blocks: tuple[Block, ...]
    slots: int
    outputs: tuple[Affine, ...]


@dataclass
class _Life:
    """When a value is made (0: it is an input; k: by the k-th block) and last read."""

    born: dict[int, int] = field(default_factory=dict)
    last: dict[int, int] = field(default_factory=dict)


def lay_out(network: Operations, abilities: Iterator[frozenset[str]], reuse: bool = True) -> Plan:
    """Put every operation into the first block that can do it.

    Args:
        network: the operations.
        abilities: for each block of the architecture, which kinds it can do.
        reuse: whether a slot that is no longer read is cleared for another value. Not where the
            stream keeps more digits than the blocks read (float64): something would be left.
    """
    blocks = _place(network, abilities)
    life = _lives(network, blocks)
    slot_of, clears, slots = _slots(network, life, len(blocks) if reuse else 0)
    laid = []
    for k, numbers in enumerate(blocks, 1):
        writes = (Write(_in_slots(network.value(n), slot_of), slot_of[n]) for n in numbers)
        laid.append(Block(tuple(writes), tuple(clears.get(k, ()))))
    outputs = tuple(_form_in_slots(form, slot_of) for form in network.outputs)
    return Plan(tuple(laid), slots, outputs)


def _place(network: Operations, abilities: Iterator[frozenset[str]]) -> list[list[int]]:
    """Return the values made by each block."""
    waiting = list(range(network.inputs, network.inputs + len(network.operations)))
    done, blocks = set(range(network.inputs)), []
    while waiting:
        able = next(abilities)
        now = [
            v for v in waiting if network.value(v).kind in able and _reads(network.value(v)) <= done
        ]
        blocks.append(now)
        done |= set(now)
        waiting = [v for v in waiting if v not in done]
    return blocks


def _reads(made: Operation) -> set[int]:
    return {v for form in made.reads for v, _ in form.terms}


def _lives(network: Operations, blocks: Sequence[Sequence[int]]) -> _Life:
    life = _Life(dict.fromkeys(range(network.inputs), 0))
    for k, numbers in enumerate(blocks, 1):
        for number in numbers:
            life.born[number] = k
            for value in _reads(network.value(number)):
                life.last[value] = k
    for form in network.outputs:
        for value, _ in form.terms:
            life.last[value] = len(blocks) + 1
    return life


def _slots(network: Operations, life: _Life, depth: int) -> tuple[dict, dict, int]:
    """Return value -> slot, block -> slots it clears, and the number of slots.

    A slot is cleared by the block that reads it last, and free for the next one.
    """
    slot_of = {v: v for v in range(network.inputs)}
    clears: dict[int, list[int]] = {}
    free: list[int] = []
    count = network.inputs
    ending: dict[int, list[int]] = {}
    for value, end in life.last.items():
        ending.setdefault(end, []).append(value)
    made = {}
    for value, k in life.born.items():
        made.setdefault(k, []).append(value)
    for k in range(1, max(made, default=0) + 1):
        for value in made.get(k, ()):
            if free:
                slot_of[value] = free.pop()
            else:
                slot_of[value], count = count, count + 1
        if k < depth:
            done = sorted(slot_of[v] for v in ending.get(k, ()))
            clears[k] = done
            free += reversed(done)
    return slot_of, clears, count


def _in_slots(made: Operation, slot_of: dict[int, int]) -> Operation:
    return replace(made, reads=tuple(_form_in_slots(form, slot_of) for form in made.reads))


def _form_in_slots(form: Affine, slot_of: dict[int, int]) -> Affine:
    return Affine.of({slot_of[v]: c for v, c in form.terms}, form.constant)
