"""Decisions: what the posterior draws say of the choice between regimes."""

from blackball.decisions.compare import Comparison, compare

__all__ = ["Comparison", "compare"]
