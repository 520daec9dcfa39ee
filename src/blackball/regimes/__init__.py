"""Regimes: ways of governing AI, as data.

`schema` says what a regimes file may contain, `read` turns one into a frozen `Regimes`.
"""

from blackball.regimes.read import read_regimes
from blackball.regimes.regimes import Regimes, ShiftTable

__all__ = ["Regimes", "ShiftTable", "read_regimes"]
