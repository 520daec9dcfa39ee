"""Regimes: ways of governing AI, as data.

`schema` says what a regimes file may contain, `path` how a regime lies between two others, `read` turns a file
into a frozen `Regimes`.
"""

from blackball.regimes.read import read_regimes
from blackball.regimes.regimes import Regimes, ShiftTable

__all__ = ["Regimes", "ShiftTable", "read_regimes"]
