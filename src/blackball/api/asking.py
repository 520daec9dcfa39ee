"""What is worth asking next, from a script."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from blackball.decisions.information import ask as ask_fit
from blackball.decisions.information import read_costs

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xarray as xr

    from blackball.decisions.information import Asking

__all__ = ["ask"]


def ask(
    fit: xr.DataTree,
    weights: Mapping[str, float] | None = None,
    *,
    at: str | None = None,
    costs: Mapping[tuple[str, str], float] | str | Path | None = None,
    seed: int = 1,
) -> Asking:
    """Say what is worth asking next: each parameter, and one more answer to each open question, ranked.

    Parameters
    ----------
    fit : DataTree
    weights : mapping of str to float, optional
        What each headline outcome counts in the loss of a regime; the model's first headline outcome alone if not
        given.
    at : str, optional
        Labels at which the loss is taken, such as `horizon=2050`; the last if not given.
    costs : mapping of (expert, question) to float, str or Path, optional
        What asking costs, in the unit of the loss, or a file that says so: see `blackball.decisions.information.ask`.
    seed : int
        Of the simulated answers.

    Returns
    -------
    Asking

    Raises
    ------
    BlackballError
        If weights, labels or costs name what is not there, or the file is wrong.
    """
    prices = read_costs(costs) if isinstance(costs, str | Path) else costs
    return ask_fit(fit, weights, at=at, costs=prices, seed=seed)
