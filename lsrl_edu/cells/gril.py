"""GRIL: a recurrent layer that can do gradient descent in its state (arXiv 2410.11687).

The sequence x_1, y_1, x_2, y_2, ..., x_{N+1} holds pairs and, last, a question. A window of three
tokens moves over it in strides of two, so that it always begins with an x::

    X_t = [x_t, y_t, x_{t+1}]^T                (3, f)   the window
    U_t = X_t^T W X_t                          (f, f)   products of what it holds
    Z_t = Lambda * Z_{t-1} + U_t               (f, f)   a diagonal recurrence, entry by entry
    o_t = (C Z_t) (X_t^T D)                    (f,)     the state times the input

The parameters are W (3, 3), Lambda and C (f, f), and D (3,): 2 f^2 + 12 numbers. Everything but
Lambda comes in products, so a W can be made larger and a C smaller without a change of the output.

The state is a matrix, and the readout multiplies it by an input. With the weights of
:func:`gradient_step_weights`, Z is the sum of y x^T, and o_t is W' x_{t+1}, where W' comes from one
step of gradient descent on the first t pairs: :mod:`lsrl_edu.programs.gradient`, ``steps=1``.

(The arXiv text writes the window with its tokens as columns and W = e_1 e_2^T, and its o_t is minus
the prediction. Here the tokens are rows, y comes first in y x^T, and o_t is the prediction.)
"""

from __future__ import annotations

import torch
from torch import nn

from lsrl_edu.errors import ShapeError

WINDOW, STRIDE = 3, 2
CHUNK = 32
"""Steps of the recurrence that are taken in one matrix product."""


class GRIL(nn.Module):
    """One layer, see the module's docstring. Parameters ``W``, ``Lambda``, ``C`` and ``D``.

    The start is random: W, C and D are Gaussian, with the size that keeps outputs near 1; the
    entries of Lambda are uniform in [0, 1].
    """

    def __init__(self, features: int):
        super().__init__()
        self.features = features
        self.W = nn.Parameter(torch.randn(WINDOW, WINDOW) / WINDOW)
        self.Lambda = nn.Parameter(torch.rand(features, features))
        self.C = nn.Parameter(torch.randn(features, features) / features**0.5)
        self.D = nn.Parameter(torch.randn(WINDOW) / WINDOW**0.5)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        """Return o_1 ... o_N (B, N, f) for x_1, y_1, ..., x_{N+1} (B, 2 N + 1, f).

        Raises:
            ShapeError: for another width, an even number of tokens, or fewer than three.
        """
        X = windows(tokens, self.features)
        Z = accumulate(self.Lambda, self.update(X))
        return self.readout(Z, X)

    def update(self, X: torch.Tensor) -> torch.Tensor:
        """Return U = X^T W X (B, N, f, f) for the windows X (B, N, 3, f)."""
        return X.mT @ self.W @ X

    def readout(self, Z: torch.Tensor, X: torch.Tensor) -> torch.Tensor:
        """Return o = (C Z)(X^T D) (B, N, f)."""
        question = X.mT @ self.D
        return (Z @ question[..., None])[..., 0] @ self.C.T


class WithoutProduct(GRIL):
    """GRIL whose update sees each token once: U = X^T W V, V (3, f) learned instead of the window.

    Its state is a linear function of the tokens.
    """

    def __init__(self, features: int):
        super().__init__(features)
        self.V = nn.Parameter(torch.randn(WINDOW, features))

    def update(self, X: torch.Tensor) -> torch.Tensor:
        """Return U = X^T W V (B, N, f, f)."""
        return X.mT @ self.W @ self.V


class WithoutGate(GRIL):
    """GRIL whose readout sees the state alone: o = C Z d, d (f,) learned instead of X^T D."""

    def __init__(self, features: int):
        super().__init__(features)
        del self.D
        self.d = nn.Parameter(torch.randn(features))

    def readout(self, Z: torch.Tensor, X: torch.Tensor) -> torch.Tensor:
        """Return o = C Z d (B, N, f)."""
        return Z @ self.d @ self.C.T


def windows(tokens: torch.Tensor, features: int) -> torch.Tensor:
    """Return [x_t, y_t, x_{t+1}] for t = 1 ... N: (B, N, 3, f) from (B, 2 N + 1, f).

    Raises:
        ShapeError: for another width, an even number of tokens, or fewer than three.
    """
    shape = tuple(tokens.shape)
    if len(shape) != 3 or shape[2] != features:
        raise ShapeError(f"GRIL reads tokens (B, T, {features}); got {shape}.")
    if shape[1] < WINDOW or shape[1] % STRIDE == 0:
        raise ShapeError(
            f"{shape[1]} tokens are no pairs with a question after them. Give x_1, y_1, ..., "
            "x_{N+1}: an odd number, at least 3."
        )
    return tokens.unfold(1, WINDOW, STRIDE).mT


def accumulate(Lambda: torch.Tensor, U: torch.Tensor) -> torch.Tensor:
    """Return Z_t = Lambda * Z_{t-1} + U_t from Z_0 = 0, with gradients: (B, N, f, f) from the same.

    Within a chunk, Z_k = Lambda^k Z_before + sum_j Lambda^(k-j) U_j, as in
    :mod:`lsrl_edu.run.scan` (which takes Lambda as a constant).
    """
    steps = torch.arange(min(CHUNK, U.shape[1]), device=U.device)
    gaps = (steps[:, None] - steps)[..., None, None]
    powers = Lambda ** gaps.clamp(min=0) * (gaps >= 0)  # (k, j, f, f)
    carry = Lambda ** (steps + 1)[:, None, None]  # (k, f, f)
    state = torch.zeros_like(U[:, 0])
    out = []
    for part in U.split(CHUNK, dim=1):
        k = part.shape[1]
        Z = torch.einsum("kjfg,bjfg->bkfg", powers[:k, :k], part) + carry[:k] * state[:, None]
        state = Z[:, -1]
        out.append(Z)
    return torch.cat(out, dim=1)


def gradient_step_weights(features: int, eta: float = 1.0) -> dict[str, torch.Tensor]:
    """Return the state dict with which GRIL does one step of gradient descent.

    From W' = 0, on 1/2 sum_i |W' x_i - y_i|^2 over all pairs so far, with the rate eta / f::

        W = e_2 e_1^T      U_t = y_t x_t^T
        Lambda = 1         Z_t = sum of them
        C = eta / f I      W' = C Z_t
        D = e_3            o_t = W' x_{t+1}

    Args:
        features: f.
        eta: of the step, as in :func:`lsrl_edu.programs.gradient.program`.

    Returns:
        Name -> weights in float64.
    """
    eye = torch.eye(WINDOW, dtype=torch.float64)
    return {
        "W": torch.outer(eye[1], eye[0]),
        "Lambda": torch.ones(features, features, dtype=torch.float64),
        "C": torch.eye(features, dtype=torch.float64) * (eta / features),
        "D": eye[2].clone(),
    }


def gradient_step(features: int, eta: float = 1.0) -> GRIL:
    """Return a GRIL in float64 with the weights of :func:`gradient_step_weights`."""
    layer = GRIL(features).double()
    layer.load_state_dict(gradient_step_weights(features, eta))
    return layer


def normalised(layer: GRIL) -> dict[str, torch.Tensor]:
    """Return weights with the same outputs whose scales are those of :func:`gradient_step_weights`.

    W is divided by its entry for y x^T, D by its entry for the newest x, and C multiplied by both.
    """
    w, d = layer.W[1, 0].detach(), layer.D[2].detach()
    return {
        "W": layer.W.detach() / w,
        "Lambda": layer.Lambda.detach(),
        "C": layer.C.detach() * (w * d),
        "D": layer.D.detach() / d,
    }


def rate(layer: GRIL) -> float:
    """Return the eta of the gradient step a GRIL comes closest to: the trace of C, normalised."""
    return float(normalised(layer)["C"].trace())
