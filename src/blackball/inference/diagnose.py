"""The verdict: whether to believe a fit, each reason with its number, its threshold and what to do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr

from blackball.inference.checks.check import Check
from blackball.inference.checks.doubts import doubt_checks
from blackball.inference.checks.sampling import sampling_checks
from blackball.inference.checks.weighting import weighting_checks

__all__ = ["Diagnosis", "diagnose"]


@dataclass(frozen=True)
class Diagnosis:
    """All checks of a fit.

    Attributes
    ----------
    checks : tuple of Check
    """

    checks: tuple[Check, ...]

    @property
    def verdict(self) -> str:
        """`failed` if any check failed, else `trusted`."""
        return "failed" if any(check.status == "fail" for check in self.checks) else "trusted"

    def dataset(self) -> xr.Dataset:
        """Return the checks as labelled data, dims `check`."""
        texts = {
            field: ("check", np.array([getattr(check, field) for check in self.checks], dtype=object))
            for field in ("name", "status", "advice")
        }
        numbers = {
            field: ("check", np.array([getattr(check, field) for check in self.checks], dtype=float))
            for field in ("value", "threshold")
        }
        return xr.Dataset({**texts, **numbers})


def diagnose(fit: xr.DataTree) -> Diagnosis:
    """Check a fit as far as that needs no other fit.

    Parameters
    ----------
    fit : DataTree
        From `fit`.

    Returns
    -------
    Diagnosis
        `failed` means: do not use the numbers.
    """
    computation = weighting_checks if "base" in fit.children else sampling_checks
    return Diagnosis((*computation(fit), *doubt_checks(fit)))
