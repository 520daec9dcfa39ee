"""Decisions: what the posterior draws say of the choice between regimes."""

from blackball.decisions.compare import Comparison, compare
from blackball.decisions.decide import Decision, decide
from blackball.decisions.losses import Losses, losses_of, read_losses
from blackball.decisions.stopping import Stopping, stopping

__all__ = [
    "Comparison",
    "Decision",
    "Losses",
    "Stopping",
    "compare",
    "decide",
    "losses_of",
    "read_losses",
    "stopping",
]
