"""Can weights be trusted?  Any failure here means that the posterior must be sampled anew.

Thresholds: Pareto k after Vehtari, Simpson, Gelman, Yao & Gabry (2024, arXiv 1507.02646); effective draws and Monte
Carlo error as of any posterior, of the reported outcomes and reckoned with the repetitions that weights make.
"""

from __future__ import annotations

import xarray as xr

from blackball.inference.checks.check import Check
from blackball.inference.checks.sampling import limit, reported_checks
from blackball.inference.weights import greatest_k

__all__ = ["weighting_checks"]

AGAIN = "sample anew: `blackball update --refit`, or `refit=True`"


def weighting_checks(fit: xr.DataTree) -> list[Check]:
    """Check the draws that were weighed, the tail of the weights, and what they leave of the reported outcomes.

    Parameters
    ----------
    fit : DataTree
        With the groups `posterior` and `base`.
    """
    base = fit["base"]
    most = greatest_k(base["density"]["weight"].size)
    return [
        limit("failed checks of the draws that were weighed", base.attrs["failed"], 0, AGAIN, most=True),
        limit("Pareto k of the weights", base.attrs["pareto_k"], most, AGAIN, most=True),
        *reported_checks(fit),
    ]
