"""Running networks in torch, batch first."""

try:
    import torch as _torch  # noqa: F401 - only to say early, and in words, that it is missing
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        "Running a network fast, and every target, needs torch, which is not installed: "
        "pip install 'lsrl-edu[torch]'. Without it, run(xs, number='exact') works."
    ) from error
