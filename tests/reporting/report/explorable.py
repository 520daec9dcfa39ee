"""A synthetic fit with all that a report shows: regimes, quantities that can be weighed, a panel, a model's text."""

from __future__ import annotations

import numpy as np
import xarray as xr

from blackball.panel import read_panel, to_datasets
from blackball.shipped import shipped
from tests.synthetic import governed

REGIMES = """
reference = "status_quo"
[regime.status_quo]
title = "Status quo: what forecasters expect unconditionally"
jurisdiction = "everywhere"
start = 2027
duration = "to 2100"
held_fixed = "nothing"
[regime.open_race]
title = "Open race: no new AI policy"
jurisdiction = "everywhere"
start = 2027
duration = "to 2100"
held_fixed = "adoption"
[regime.open_race.shifts]
pace = { times = [1.1, 1.6], source = "illustrative: made for a test, with <signs> & such" }
"""
QUANTITIES = {
    "pace": {"support": "positive", "unit": "draws per year", "prior": "0.02 to 1", "source": "made for a test"},
    "misaligned": {"support": "probability", "unit": "probability", "prior": "0.002 to 0.5", "source": "illustrative"},
    "advantage": {"support": "real", "unit": "log odds", "prior": "-4 to 1", "source": "made for a test"},
    "systems": {"support": "bounded", "unit": "systems", "prior": "2 to 400", "source": "made for a test"},
}
MEAN, SD = [-2.0, -3.5, -1.5, -3.0], [1.2, 1.7, 1.5, 1.6]


def explorable(verdict: str = "trusted") -> xr.DataTree:
    """A fit of six regimes whose outcomes move with four quantities."""
    fit = governed(verdict)
    posterior = fit["posterior"].to_dataset().drop_vars("pace")
    rng = np.random.default_rng(7)
    risk = np.log(posterior["catastrophe"].isel(regime=0, horizon=-1).values)
    seen = (risk - risk.mean()) / risk.std()
    shares = np.array([0.8, 0.5, -0.4, 0.1])
    latent = seen[..., None] * shares + np.sqrt(1 - shares**2) * rng.normal(size=(*seen.shape, 4)) * 0.7
    names = list(QUANTITIES)
    posterior["latent"] = (("chain", "draw", "quantity"), latent)
    posterior = posterior.assign_coords(quantity=names)
    for place, (name, facts) in enumerate(QUANTITIES.items()):
        low, high = (1.0, 1000.0) if name == "systems" else (0.0, 1.0)
        bounds = {"lower_bound": low, "upper_bound": high}
        posterior[name] = (("chain", "draw"), latent[..., place])
        posterior[name].attrs = {"kind": "quantity", "headline": 0, "meaning": "", **facts, **bounds}
    fit["posterior"] = xr.DataTree(posterior)
    moments = {"prior_mean": ("quantity", MEAN), "prior_sd": ("quantity", SD)}
    fit["constant_data"] = xr.DataTree(xr.Dataset(moments, coords={"quantity": names}))
    for name, dataset in to_datasets(read_panel(shipped("data") / "western-projects")).items():
        fit[f"panel/{name}"] = xr.DataTree(dataset)
    model = (shipped("models") / "one_or_many.py").read_text("utf-8")
    fit.attrs |= {"schema": 1, "model_source": model, "regimes_text": REGIMES, "regimes_file": "regimes.toml"}
    return fit
