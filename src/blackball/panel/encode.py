"""Turn a panel into the arrays that a likelihood needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from blackball.panel.agreement import off_centre
from blackball.panel.cells import answer_cells
from blackball.panel.judged import judged_things, with_judged
from blackball.panel.rounds import latest
from blackball.panel.standards import DEFAULT_WIDTH, standards
from blackball.panel.supports import SUPPORTS, link

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    import xarray as xr
    from numpy.typing import NDArray

    from blackball.panel.panel import Panel

__all__ = ["encode"]

FIELDS: dict[str, tuple[float | bool, str]] = {
    "location": (0.0, "median of the answer, standardised; 0 where there is none"),
    "lower": (1.0, "standard deviation of the half below, standardised; 1 without a width"),
    "upper": (1.0, "standard deviation of the half above, standardised; 1 without a width"),
    "answered": (False, "whether the expert answered"),
    "has_width": (False, "whether the answer states a width"),
    "rounding_lower": (0.0, "scale that rounding adds below, in quadrature, standardised"),
    "rounding_upper": (0.0, "scale that rounding adds above, in quadrature, standardised"),
    "low": (0.0, "lower end of the interval that rounds to the location, standardised"),
    "high": (0.0, "upper end of the interval that rounds to the location, standardised"),
    "residual": (0.0, "largest misfit of a stated quantile on the link scale, not standardised"),
    "illustrative": (False, "whether any row of the answer is illustrative"),
    "count": (0, "rows of the answer"),
}
"""Variables with dims (judged, expert): what stands where an expert has not answered, and the meaning."""

TEXTS = ["question", "variable", "at", "regime", "given", "reference", "support"]


def encode(panel: Panel, round: int | None = None, default_width: Mapping[str, float] = DEFAULT_WIDTH) -> xr.Dataset:
    """Turn a panel into the arrays that a likelihood needs.

    Parameters
    ----------
    panel : Panel
    round : int, optional
        Look at the panel as it was after this round.  By default each expert's last answer counts.
    default_width : mapping of str to float, optional
        Standard deviation of one expert on the link scale, by support; only used where nobody in the panel
        states a width.

    Returns
    -------
    xarray.Dataset
        Dims `judged` (one label for each question x regime x given or reference that anybody judged, seeds
        included, in the order of the questions) and `expert` (in the order of the panel).  Coordinates on
        judged: question, variable, at, regime, given, reference (regime of comparison of a ratio), support
        (`positive` for a ratio), lower_bound, upper_bound; on expert: camp, off_centre (see
        `blackball.panel.agreement`).  Variables (judged, expert): location, lower, upper, answered,
        has_width, rounding_lower, rounding_upper, low, high, residual, illustrative, count; variables
        (judged): centre and unit (link scale), realisation (standardised; NaN unless a seed; infinite where
        an event did or did not happen).  Standardised means
        ``(link(x) - centre) / unit``; each variable's attribute `meaning` says what it is.

    Raises
    ------
    InputError
        If there is no judgement up to that round, or a width is needed and there is no default for it.
    """
    rows = with_judged(latest(panel, round), panel.questions)
    things = judged_things(rows, panel.questions)
    experts = pd.Index(panel.experts["expert"])
    number = rows["judged"] * len(experts) + experts.get_indexer(rows["expert"])
    rows = rows.assign(cell=number).join(things[["support", "lower_bound", "upper_bound"]], on="judged")
    cells = answer_cells(rows)
    cells["judged"] = cells.index // len(experts)
    scale = standards(cells, things, default_width, panel.name)
    return _dataset(panel, things, _standardised(cells, scale), scale)


def _standardised(cells: pd.DataFrame, scale: pd.DataFrame) -> pd.DataFrame:
    centre, unit = (cells["judged"].map(scale[name]) for name in ("centre", "unit"))
    moved = {name: (cells[name] - centre) / unit for name in ("location", "low", "high")}
    widths = ("lower", "upper", "rounding_lower", "rounding_upper")
    scaled = {name: (cells[name] / unit).fillna(1.0) for name in widths}
    has_width = cells["lower"].notna()
    return cells.assign(**moved, **scaled, has_width=has_width, answered=True)


def _dataset(panel: Panel, things: pd.DataFrame, cells: pd.DataFrame, scale: pd.DataFrame) -> xr.Dataset:
    import xarray as xr

    shape = (len(things), len(panel.experts))
    variables: dict[str, tuple[tuple[str, ...], NDArray[Any], dict[str, str]]] = {}
    for name, (absent, meaning) in FIELDS.items():
        grid = np.full(shape, absent)
        grid.flat[cells.index.to_numpy()] = cells[name].to_numpy()
        variables[name] = (("judged", "expert"), grid, {"meaning": meaning})
    meanings = {
        "centre": "median of the experts' medians on the link scale",
        "unit": "width and disagreement together on the link scale",
        "usual_width": "width of a usual answer in units, disagreement left out",
        "realisation": "standardised truth of a seed; NaN where it is not known",
    }
    known = {name: scale[name].to_numpy() for name in ("centre", "unit", "usual_width")}
    known["realisation"] = _truth(things, scale)
    variables |= {name: (("judged",), array, {"meaning": meanings[name]}) for name, array in known.items()}
    seeds, camp = ~np.isnan(known["realisation"]), panel.experts["camp"].to_numpy(dtype=str)
    judged = {name: ("judged", things[name].to_numpy(dtype=str)) for name in TEXTS}
    ends = {name: ("judged", things[name].to_numpy(dtype=float)) for name in ("lower_bound", "upper_bound")}
    labels = {
        "judged": things["label"].to_numpy(dtype=str),
        "expert": panel.experts["expert"].to_numpy(dtype=str),
        "camp": ("expert", camp),
        "off_centre": ("expert", off_centre(variables["location"][1], variables["answered"][1], seeds, camp)),
    }
    return xr.Dataset(variables, coords={**labels, **judged, **ends}, attrs={"panel": panel.name})


def _truth(things: pd.DataFrame, scale: pd.DataFrame) -> NDArray[np.float64]:
    truth = np.full(len(things), np.nan)
    for support in SUPPORTS:
        chosen = things[things["support"] == support]
        linked = link(chosen["realisation"], support, chosen["lower_bound"], chosen["upper_bound"])
        truth[chosen.index.to_numpy()] = linked
    return np.asarray((truth - scale["centre"].to_numpy()) / scale["unit"].to_numpy())
