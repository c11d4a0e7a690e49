"""The constants of the residual architectures, all powers of two.

The residual stream holds one constant channel of size ``large`` (several where the hidden size asks
for it). RMSNorm then divides by a constant, and its weight takes that back: the norm becomes the
identity, exactly, as long as the squares of all signals vanish beside that of the constant.
"""

from __future__ import annotations

import math

LARGE = 2.0**40
"""Size of the constant channel."""
REACH = 2.0**27
"""Signals up to this vanish beside LARGE when they are squared; above, the norm sees them."""
SHOUT = 2.0**40
"""A SiLU or GELU of SHOUT * x is SHOUT * ReLU(x), but for |x| < 2^-33."""
SOLID = 128.0
"""SiLU(128) = GELU(128) = 128, exactly."""
SHUT = -1000.0
"""softplus(-1000) = 0, exactly."""
STEP = 32.0
"""softplus(32) = 32, exactly."""


WHISPER = 2.0**-64
"""SiLU(x) = GELU(x) = x / 2 to the last bit of float32 for |x| up to 2^-26; so values up to 2^38
are whispered. (A float64 model keeps no more digits: the norms of these classes use float32.)"""


def hidden_size(
    slots: int, least: int = 1, constants: tuple[int, ...] = (1, 2, 3, 5)
) -> tuple[int, int]:
    """Return (H, n): a hidden size and the number of its constant channels.

    H / n is a power of 4, so that the root of the mean square is a power of two and the norm is
    exact; H is the smallest that holds n constants and ``slots`` values, and is at least ``least``.
    The numbers of ``constants`` are tried.
    """
    best: tuple[int, int] | None = None
    for n in constants:
        H = n
        while H < slots + n or H < least:
            H *= 4
        if best is None or H < best[0]:
            best = H, n
    return best


def norm_weights(H: int, n: int) -> tuple[float, float]:
    """Return what RMSNorm must multiply by: (on the first constant, on a signal).

    With n constants of size LARGE, the root of the mean square is LARGE sqrt(n / H).
    """
    root = LARGE * math.sqrt(n / H)
    return root / LARGE, root
