"""Decisions: what the posterior draws say of the choice between regimes."""

from blackball.decisions.compare import Comparison, compare, regimes_of
from blackball.decisions.decide import Decision, decide
from blackball.decisions.explorer import Explorer, explored, explorer
from blackball.decisions.history import Entry, history
from blackball.decisions.losses import Losses, losses_of, read_losses
from blackball.decisions.reweigh import Belief
from blackball.decisions.sensitivity import Sensitivity, check_chosen, sensitivity
from blackball.decisions.stopping import Stopping, stopping

__all__ = [
    "Belief",
    "Comparison",
    "Decision",
    "Entry",
    "Explorer",
    "Losses",
    "Sensitivity",
    "Stopping",
    "check_chosen",
    "compare",
    "decide",
    "explored",
    "explorer",
    "history",
    "losses_of",
    "read_losses",
    "regimes_of",
    "sensitivity",
    "stopping",
]
