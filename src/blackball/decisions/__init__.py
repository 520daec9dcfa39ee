"""Decisions: what the posterior draws say of the choice between regimes."""

from blackball.decisions.compare import Comparison, compare
from blackball.decisions.explorer import Explorer, explored, explorer
from blackball.decisions.reweigh import Belief
from blackball.decisions.stopping import Stopping, stopping

__all__ = ["Belief", "Comparison", "Explorer", "Stopping", "compare", "explored", "explorer", "stopping"]
