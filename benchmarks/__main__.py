"""Run benchmarks by name, or all of them: python -m benchmarks [name ...]"""

from __future__ import annotations

import platform
import sys
import warnings

import torch

from benchmarks import (
    campaign,
    compiling,
    debranching,
    gadgets,
    gradient,
    importing,
    noise,
    pages,
    residual,
    throughput,
)
from lsrl_edu.errors import PrecisionWarning

BENCHMARKS = {
    "importing": importing.main,
    "compiling": compiling.main,
    "debranching": debranching.main,
    "throughput": throughput.main,
    "gadgets": gadgets.main,
    "gradient": gradient.main,
    "noise": noise.main,
    "residual": residual.main,
    "campaign": campaign.main,
    "pages": pages.main,
}


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"No benchmark is called {', '.join(unknown)}. There are: {', '.join(BENCHMARKS)}")
        return 1
    warnings.simplefilter("ignore", PrecisionWarning)
    print(f"Python {platform.python_version()}, torch {torch.__version__}, "
          f"{torch.get_num_threads()} threads; medians of several runs")  # fmt: skip
    for name in names or BENCHMARKS:
        BENCHMARKS[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
