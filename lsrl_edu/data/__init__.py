"""What was measured once and is read by the chapters, shipped with the package.

A chapter finds it wherever it runs, in a clone of the project or beside an installed wheel. The
README of each folder says how its files are made again.
"""

from __future__ import annotations

from pathlib import Path

DATA = Path(__file__).parent
"""The folder of the data: ``DATA / "noise" / "programs.csv"``."""
