"""Decisions: what the posterior draws say of the choice between regimes."""

from blackball.decisions.compare import Comparison, compare
from blackball.decisions.history import Entry, history
from blackball.decisions.stopping import Stopping, stopping

__all__ = ["Comparison", "Entry", "Stopping", "compare", "history", "stopping"]
