"""A small fit of which it is known what drives its outcomes."""

from __future__ import annotations

import numpy as np
import xarray as xr

from tests.synthetic import CATASTROPHE, POWER, draws_of, encoded_of, fit_of, regimes_of

COUNT = 2000


def driven(verdict: str = "trusted") -> xr.DataTree:
    """Of three quantities `pace` (of each regime) and `fate` make the outcome, `noise` none; `power` is constant."""
    rng = np.random.default_rng(11)
    names = {"regime": ["many", "one"]}
    pace, fate, noise = rng.normal(size=(COUNT, 2)), rng.normal(size=(COUNT, 2)), rng.normal(size=COUNT)
    risk = (2 * pace + fate[:, [0]] - fate[:, [1]])[..., None] * np.array([1.0, 2.0])
    quantity = {"kind": "quantity", "unit": "odds", "source": "a test"}
    return fit_of(
        {
            "noise": draws_of(noise).assign_attrs({**quantity, "source": "illustrative: a test"}),
            "pace": draws_of(pace, ("regime",), **names).assign_attrs(quantity),
            "fate": draws_of(fate, ("bloc",), bloc=["a", "b"]).assign_attrs(quantity),
            "catastrophe": draws_of(risk, ("regime", "horizon"), horizon=[2030, 2050], **names).assign_attrs(
                CATASTROPHE
            ),
            "power": draws_of(np.full((COUNT, 2), 0.1), ("regime",), **names).assign_attrs(POWER),
        },
        regimes=regimes_of(["many", "one"], {"one": "pace"}),
        encoded=encoded_of([{"judged": "power", "variable": "power", "regime": "many"}]),
        verdict=verdict,
    )


def moved(fit: xr.DataTree) -> xr.Dataset:
    """Move `pace` and one label of `fate`, as `blackball.inference.tornado` does."""
    ends = ["low", "base", "high"]
    base = fit["posterior"].dataset[["catastrophe", "power"]].mean(("chain", "draw"))
    steps = xr.DataArray([-1.6, 0.0, 1.6], dims="end", coords={"end": ends})
    one = base.expand_dims(end=ends)
    swung = [
        one.assign(catastrophe=one["catastrophe"] + slope * steps, value=steps + 0 * base["power"]) for slope in (1, 2)
    ]
    names = [{"quantity": "fate", "label": "bloc=a"}, {"quantity": "pace", "label": ""}]
    return xr.concat([each.assign_coords(name) for each, name in zip(swung, names, strict=True)], dim="moved")
