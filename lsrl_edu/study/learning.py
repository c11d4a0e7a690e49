"""Networks trained on fresh regression tasks: does gradient descent turn up in a recurrent state?

A GRIL, GRILs without one of their parts, and released recurrent layers learn to answer x_{N+1}
after N pairs, from random weights, with Adam, each step on tasks never seen before. They are
compared with the textbook: gradient descent and least squares (:mod:`lsrl_edu.study.regression`).

    python -m lsrl_edu.study.learning --out lsrl_edu/data/learning      # all, on one core
    python -m lsrl_edu.study.learning --out lsrl_edu/data/learning --only construction
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from lsrl_edu.cells.gril import GRIL, gradient_step_weights, normalised, rate
from lsrl_edu.study import regression, starts
from lsrl_edu.study.baselines import MAKERS, nearest_width, network, size
from lsrl_edu.study.regression import Tasks, best_rate, generator, share

TEST_SEED, TUNE_SEED = 1_000_000, 2_000_000
TEST_TASKS = 5000
SMALL, PUBLISHED = Tasks(3, 10), Tasks(10, 10)
"""What trains in seconds, and the setting of arXiv 2410.11687."""
STEPS_OF_DESCENT = (1, 2, 3)


@dataclass(frozen=True)
class Run:
    """One network, trained once.

    Attributes:
        network, width: as :func:`lsrl_edu.study.baselines.network` takes them.
        tasks: what it is trained on.
        seed: of the first weights and of the tasks.
        steps, lr, batch: of Adam; the rate falls to 0 along half a cosine.
    """

    network: str
    width: int
    tasks: Tasks
    seed: int
    steps: int
    lr: float = 1e-2
    batch: int = 64

    @property
    def key(self) -> tuple[str, ...]:
        """What tells this run from all others, as texts."""
        t = self.tasks
        return tuple(map(str, (self.network, self.width, t.features, t.pairs, self.seed)))


def train(
    run: Run, device: str = "cpu", points: int = 40, progress: bool = False
) -> tuple[nn.Module, list[tuple[int, float]]]:
    """Train a network and return it with its curve: (step, loss on held-out tasks).

    The loss is the squared error of the last answer. Losses of the curve are shares, see
    :mod:`lsrl_edu.study.regression`.
    """
    from tqdm.auto import trange

    with torch.random.fork_rng():
        torch.manual_seed(run.seed)
        net = network(run.network, run.tasks.features, run.width).to(device)
    tasks = generator(run.seed, device)
    held_out = run.tasks.draw(1000, generator(TUNE_SEED, device))
    optimiser = torch.optim.Adam([p for p in net.parameters() if p.requires_grad], lr=run.lr)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, run.steps)
    looks = set(np.unique(np.geomspace(1, run.steps, points).round().astype(int)).tolist())
    curve = [(0, loss(net, held_out))]
    for step in trange(1, run.steps + 1, desc=run.network, disable=not progress, leave=False):
        tokens, targets = run.tasks.draw(run.batch, tasks)
        optimiser.zero_grad()
        (net(tokens)[:, -1] - targets[:, -1]).square().mean().backward()
        optimiser.step()
        schedule.step()
        if step in looks:
            curve.append((step, loss(net, held_out)))
    return net, curve


@torch.no_grad()
def loss(net: nn.Module, prompts: tuple[torch.Tensor, torch.Tensor]) -> float:
    """Return the share of a network's last answers to prompts (tokens, targets)."""
    tokens, targets = prompts
    return float(share(net(tokens), targets)[-1])


def tests(tasks: Tasks) -> dict[str, Tasks]:
    """Return what a trained network is tested on, the first as it was trained."""
    return {
        "as trained": tasks,
        "inputs x 1/2": replace(tasks, scale=tasks.scale / 2),
        "inputs x 2": replace(tasks, scale=tasks.scale * 2),
        "half the pairs": replace(tasks, pairs=tasks.pairs // 2),
        "twice the pairs": replace(tasks, pairs=tasks.pairs * 2),
    }


def prompts(tasks: Tasks, device: str = "cpu") -> tuple[torch.Tensor, torch.Tensor]:
    """Return the prompts all losses of the tables are measured on."""
    return tasks.draw(TEST_TASKS, generator(TEST_SEED, device))


def solvers(tasks: Tasks) -> list[dict[str, Any]]:
    """Return the losses of gradient descent and least squares, a row for each and each test.

    The rate of one step is the best on average, in closed form; that of more steps is the best on
    prompts as trained, others than those of the test. All keep it in every test.
    """
    tuning = tasks.draw(TEST_TASKS, generator(TUNE_SEED))
    etas = {1: best_rate(tasks)}
    etas |= {k: regression.tuned_rate(*tuning, k, 60) for k in STEPS_OF_DESCENT if k > 1}
    rows = []
    for test, other in tests(tasks).items():
        tokens, targets = prompts(other)
        answers = {_steps(k): regression.gradient_descent(tokens, e, k) for k, e in etas.items()}
        answers["least squares"] = regression.least_squares(tokens)
        for k, (name, found) in enumerate(answers.items(), start=1):
            row = {"solver": name, "features": tasks.features, "pairs": tasks.pairs}
            result = {
                "eta": etas.get(k, ""),
                "test": test,
                "loss": float(share(found, targets)[-1]),
            }
            rows.append(row | result)
    return rows


def _steps(count: int) -> str:
    return f"{count} step" + "s" * (count > 1)


def recovered(layer: GRIL, eta: float) -> list[dict[str, Any]]:
    """Compare a trained GRIL with the construction, a row for each parameter.

    ``cosine`` is that of the parameter and the construction's (its sign is free: W, C and D may
    change signs in pairs). ``distance`` is the norm of the difference, scales taken out as in
    :func:`lsrl_edu.cells.gril.normalised`, in units of the construction's.
    """
    wanted = gradient_step_weights(layer.features, eta)
    rows = []
    for part, found in normalised(layer).items():
        found, target = found.double().cpu(), wanted[part]
        cosine = float((found * target).sum() / (found.norm() * target.norm()))
        distance = float((found - target).norm() / target.norm())
        rows.append({"part": part, "cosine": cosine, "distance": distance})
    return rows


def construction() -> list[Run]:
    """Return GRILs in the small setting and in the published one."""
    small = [Run("GRIL", 0, SMALL, seed, 1000) for seed in range(5)]
    return small + [Run("GRIL", 0, PUBLISHED, seed, 2000) for seed in range(3)]


def ablations(steps: int = 1000) -> list[Run]:
    """Return GRILs without a part, and other layers with about as many numbers, small setting."""
    numbers = size(GRIL(SMALL.features))
    widths = {"GRIL without product": 0, "GRIL without gate": 0}
    widths |= {name: nearest_width(name, SMALL.features, numbers) for name in MAKERS}
    return [
        Run(name, width, SMALL, seed, steps) for name, width in widths.items() for seed in range(3)
    ]


def wide() -> list[Run]:
    """Return layers with thousands of numbers, small setting. Mamba is slow: fewer steps."""
    plan = {"LSTM": (64, 3000, 3), "GRU": (64, 5000, 2), "Mamba": (16, 1500, 2)}
    plan |= {"diagonal SSM": (64, 3000, 1)}
    return [
        Run(name, width, SMALL, seed, steps)
        for name, (width, steps, seeds) in plan.items()
        for seed in range(seeds)
    ]


def endings(out: Path, count: int = 64, steps: int = 1000) -> None:
    """Train GRILs from many starts, small setting, and save where each ends, and its weights."""
    from safetensors.torch import save_file

    if (out / "starts.csv").exists():
        return
    weights = starts.train_all(SMALL, count, steps, progress=True)
    found = starts.losses(weights, prompts(SMALL))
    rows = [
        {
            "start": k,
            "steps": steps,
            "loss": float(found[k]),
            "rate": rate(starts.layer(weights, k)),
        }
        for k in range(count)
    ]
    save_file(weights, out / "starts.safetensors")
    append(rows, out / "starts.csv")


EXPERIMENTS = {"construction": construction, "ablations": ablations, "wide": wide}


def measure(run: Run, device: str = "cpu", progress: bool = False) -> dict[str, Any]:
    """Train and test a network; return rows for ``losses`` and ``curves``, and the network."""
    net, curve = train(run, device, progress=progress)
    names = ("network", "width", "features", "pairs", "seed")
    base = dict(zip(names, run.key, strict=True)) | {"numbers": size(net)}
    facts = base | {"steps": run.steps, "lr": run.lr}
    losses = [
        facts | {"test": test, "loss": loss(net, prompts(tasks, device))}
        for test, tasks in tests(run.tasks).items()
    ]
    points = [base | {"step": step, "loss": value} for step, value in curve]
    return {"losses": losses, "curves": points, "net": net}


def work(runs: Iterable[Run], out: Path, device: str = "cpu", progress: bool = True) -> None:
    """Train what the tables in a folder do not hold yet, and add it to them."""
    from tqdm.auto import tqdm

    done = {key_of(row) for row in read(out / "losses.csv")}
    for run in tqdm([r for r in runs if r.key not in done], unit="run", disable=not progress):
        found = measure(run, device, progress)
        if run.network == "GRIL":
            _save_gril(run, found["net"], out)
        append(found["curves"], out / "curves.csv")
        append(found["losses"], out / "losses.csv")  # last: it is what marks the run as done


def _save_gril(run: Run, net: GRIL, out: Path) -> None:
    """Add the comparison with the construction, and the weights, to a folder."""
    from safetensors.torch import save_file

    t = run.tasks
    facts = {"features": t.features, "pairs": t.pairs, "seed": run.seed}
    rows = recovered(net, best_rate(t))
    extra = {"rate": rate(net), "best": best_rate(t)}
    append([facts | row | extra for row in rows], out / "recovered.csv")
    weights = {k: v.detach().cpu().contiguous() for k, v in net.state_dict().items()}
    save_file(weights, out / f"gril_f{t.features}_seed{run.seed}.safetensors")


def load_gril(path: Any, features: int) -> GRIL:
    """Return a GRIL with the weights of a file that :func:`work` wrote."""
    from safetensors.torch import load_file

    layer = GRIL(features)
    layer.load_state_dict(load_file(path))
    return layer


def append(rows: Sequence[dict[str, Any]], path: Path) -> None:
    """Add rows to a CSV file, numbers with six digits."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = not path.exists()
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        if new:
            writer.writeheader()
        for row in rows:
            writer.writerow({k: f"{v:.6g}" if isinstance(v, float) else v for k, v in row.items()})


def read(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file, none if there is no such file."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def key_of(row: dict[str, str]) -> tuple[str, ...]:
    """Return the key of the run that a row is about, see :class:`Run`."""
    return tuple(row[name] for name in ("network", "width", "features", "pairs", "seed"))


def interval(values: Sequence[float], draws: int = 9999) -> tuple[float, float, float]:
    """Return the mean and the ends of a 95 % bootstrap interval for it, the same at every call.

    With few seeds this is a rough measure of spread, and never wider than the values themselves.
    """
    values = np.asarray(values, float)
    drawn = np.random.default_rng(0).choice(values, (draws, len(values))).mean(axis=1)
    low, high = np.quantile(drawn, [0.025, 0.975])
    return float(values.mean()), float(low), float(high)


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    p = argparse.ArgumentParser(
        prog="python -m lsrl_edu.study.learning",
        description="Train what the chapter on learning in the state shows. What is in a table is "
        "not repeated.",
    )
    names = ("starts", *EXPERIMENTS)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    p.add_argument("--out", required=True, help="folder for the tables and weights")
    p.add_argument("--only", nargs="+", choices=names, default=names, help="some of them (all)")
    p.add_argument("--device", default=device, help=f"where to train ({device})")
    return p


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    args = parser().parse_args(arguments)
    out = Path(args.out)
    if not (out / "solvers.csv").exists():
        append([row for t in (PUBLISHED, SMALL) for row in solvers(t)], out / "solvers.csv")
    for name in args.only:
        if name == "starts":
            endings(out)
        else:
            work(EXPERIMENTS[name](), out, args.device)


if __name__ == "__main__":
    main()
