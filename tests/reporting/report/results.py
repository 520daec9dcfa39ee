"""Results that a report may show: a sensitivity of a real fit, and made-up refits and ranks that claim to be of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

import blackball as bb
from blackball.decisions.influence import Influence
from blackball.inference import Calibration

if TYPE_CHECKING:
    import xarray as xr

    from blackball.decisions import Sensitivity


def results_of(fit: xr.DataTree) -> tuple[Sensitivity, Influence, Calibration]:
    return bb.sensitivity(fit), influence_of(fit), calibration_of(fit)


def influence_of(fit: xr.DataTree) -> Influence:
    answers = pd.DataFrame({"expert": ["ann", "ben"], "judged": "risk", "pit": [0.2, 0.999], "pit_in_sample": 0.4})
    answers = answers.assign(illustrative=False, surprising=[False, True])
    experts = pd.DataFrame({"expert": ["ann", "ben"]})
    return Influence(fit.attrs["fingerprint"], pd.DataFrame(), pd.DataFrame(), answers, experts)


def calibration_of(fit: xr.DataTree) -> Calibration:
    rng = np.random.default_rng(1)
    ranks = pd.DataFrame({name: rng.integers(0, 101, 50) for name in ("misaligned", "risk[draws=1]", "risk[draws=2]")})
    table = pd.DataFrame({"label": list(ranks), "passed": True})
    made_of = (fit.attrs["model"], fit.attrs["experts"], fit.attrs["model_hash"])
    return Calibration(*made_of, ranks, table, pd.DataFrame(), pd.DataFrame())
