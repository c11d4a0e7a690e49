"""Settings of the property tests: the same examples at every run, and no time limits."""

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "lsrl",
    derandomize=True,
    deadline=None,
    max_examples=int(os.environ.get("LSRL_EXAMPLES", "100")),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("lsrl")
