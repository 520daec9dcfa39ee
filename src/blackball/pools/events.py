"""What a panel states of events that happen or do not, as plain arrays of log odds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from blackball.panel.encode import encode
from blackball.panel.supports import SUPPORTS

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from blackball.panel import Panel

    Floats = NDArray[np.float64]

__all__ = ["Events", "events_of", "is_event"]


@dataclass(frozen=True, eq=False)
class Events:
    """What experts stated of events.

    Attributes
    ----------
    panel : str
        What to call the panel in messages.
    questions, experts : tuple of str
    log_odds : ndarray of float, shape (questions, experts)
        Of the medians; an exact 0 or 1 stands for the numbers that round to it. NaN where there is no answer.
    outcomes : ndarray of float, shape (questions,)
        1 where the event happened, 0 where it did not, NaN where that is not known.
    """

    panel: str
    questions: tuple[str, ...]
    experts: tuple[str, ...]
    log_odds: Floats
    outcomes: Floats

    @property
    def seeds(self) -> NDArray[np.int64]:
        """Positions of the events whose outcome is known."""
        return np.flatnonzero(~np.isnan(self.outcomes))


def is_event(things: pd.DataFrame) -> NDArray[np.bool_]:
    """Say which judged things are events whose outcome is known: probabilities that came out exactly 0 or 1."""
    known = things["realisation"].isin([0.0, 1.0])
    return np.asarray((things["support"] == "probability") & known)


@lru_cache(maxsize=64)  # every method lays the same panels out
def events_of(panel: Panel) -> Events:
    """Lay out a panel's answers about probabilities as answers about events.

    Parameters
    ----------
    panel : Panel

    Returns
    -------
    Events
        Every judged probability whose realisation is not a share strictly between 0 and 1.
    """
    # Only log odds are read, in which units cancel: any width serves quantities for which nobody states one.
    encoded = encode(panel, default_width=dict.fromkeys(SUPPORTS, 1.0))
    truth = encoded["realisation"].to_numpy()
    event = (encoded["support"].to_numpy() == "probability") & ~np.isfinite(truth)
    chosen = encoded.isel(judged=np.flatnonzero(event))
    stated = (chosen["location"] * chosen["unit"] + chosen["centre"]).where(chosen["answered"])
    outcomes = np.where(np.isnan(truth), np.nan, (truth > 0).astype(float))[event]
    return Events(
        panel=panel.name,
        questions=tuple(chosen["judged"].to_numpy().tolist()),
        experts=tuple(chosen["expert"].to_numpy().tolist()),
        log_odds=stated.transpose("judged", "expert").to_numpy(),
        outcomes=outcomes,
    )
