"""Find the centre and the unit of each judged quantity, in which experts' answers are compared.

The centre is the median of the experts' medians; the unit joins how wide their answers are with how far they
disagree.  Neither looks at the realisation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from blackball.errors import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["DEFAULT_WIDTH", "standards"]

DEFAULT_WIDTH = {"probability": 1.0, "positive": 0.5, "bounded": 1.0, "real": float("nan")}
"""Typical standard deviation of one expert on the link scale, where no expert of a panel states a width."""

TO_SD = 1.4826
"""Median absolute deviation of a normal distribution times this is its standard deviation."""


def standards(cells: pd.DataFrame, things: pd.DataFrame, default_width: Mapping[str, float], name: str) -> pd.DataFrame:
    """Find the centre and the unit of each judged quantity.

    The unit is ``sqrt(median_e(((lower_e + upper_e) / 2)^2) + (1.4826 MAD)^2)`` over the experts e, the first
    term over those who state a width.  Where none does, or all widths are zero, the median positive width of
    the panel's other answers on the same support stands in, and where there is none either, the default.

    Parameters
    ----------
    cells : pandas.DataFrame
        Answers: judged, location, lower, upper (link scale).
    things : pandas.DataFrame
        What is judged, as `judged_things` returns it.
    default_width : mapping of str to float
        Standard deviation of one expert on the link scale, by support.
    name : str
        What to call the panel in messages.

    Returns
    -------
    pandas.DataFrame
        Index judged: centre, unit (link scale; unit > 0), usual_width (in units; 0 < usual_width <= 1), the part
        of the unit that is width and not disagreement.

    Raises
    ------
    InputError
        If a width is needed and the default for the support is not a positive number.
    """
    by_thing = cells.groupby("judged")["location"]
    centre = by_thing.median()
    off_centre = (cells["location"] - cells["judged"].map(centre)).abs()
    spread = TO_SD * off_centre.groupby(cells["judged"]).median()
    width = (cells["lower"] + cells["upper"]) / 2
    stated = np.sqrt((width**2).groupby(cells["judged"]).median())
    support = things["support"]
    typical = width[width > 0].groupby(cells["judged"].map(support)).median()
    fallback = support.map(typical).fillna(support.map(dict(default_width)))
    needed = ~(stated > 0)
    lacking = needed & ~((fallback > 0) & np.isfinite(fallback))
    if lacking.any():
        raise InputError(
            Problem(
                name,
                f"nobody states a width on a {row.support} quantity: give the typical standard deviation of "
                f"an expert on its {'own' if row.support == 'real' else 'link'} scale as "
                f"default_width[{row.support!r}]",
                value=row.label,
            )
            for row in things[lacking].itertuples()
        )
    width_alone = stated.where(~needed, fallback)
    unit = np.hypot(width_alone, spread)
    return pd.DataFrame({"centre": centre, "unit": unit, "usual_width": width_alone / unit})
