"""The mixture's density against an independent computation, and what it does with weights."""

from __future__ import annotations

import numpy as np
import pymc as pm
import pytensor.tensor as pt
import pytest
import xarray as xr
from pytensor.xtensor import as_xtensor
from scipy import integrate, stats

from blackball.modelling.experts.mixture import FEATURES, NOTHING, mixture_logp, mixture_table, recalibrated
from tests.modelling.experts.panels import panel_like

LOCATION = np.array([-1.0, 0.5, 2.0])
LOWER, UPPER = np.array([0.6, 1.0, 0.3]), np.array([0.8, 0.4, 0.3])
WEIGHT = np.array([0.5, 0.3, 0.2])
DEGREES = 2.3


def density(theta: float, own: np.ndarray) -> float:
    """Return the mixture's density at one truth, written from its definition."""
    weights = WEIGHT * np.exp(own) / (WEIGHT * np.exp(own)).sum()
    total = 0.0
    for weight, location, low, high in zip(weights, LOCATION, LOWER, UPPER, strict=True):
        side = low if theta < location else high
        total += weight * 2 / (low + high) * stats.t.pdf((theta - location) / side, DEGREES)
    return total


def compiled(own: np.ndarray, power: float = 1.0) -> object:
    theta = pt.vector("theta")
    rows = [pt.constant(array[None]) for array in (LOCATION, np.log(WEIGHT) + own, LOWER, UPPER)]
    logp = mixture_logp(rows[0], theta, *rows[1:], pt.constant(DEGREES), pt.constant(np.array([power])))
    return lambda value: float(logp.eval({theta: np.array([value])})[0])


@pytest.mark.parametrize("own", [np.zeros(3), np.array([0.3, -0.7, 0.1]), np.array([0.0, NOTHING, 0.0])])
def test_density_is_that_of_the_definition(own: np.ndarray) -> None:
    logp = compiled(own)
    for theta in (-3.0, -1.0, 0.2, 0.5, 4.0):
        assert logp(theta) == pytest.approx(np.log(density(theta, own)), rel=1e-10)


def test_density_integrates_to_one() -> None:
    def inverse_tail(side: float) -> float:  # the tails are heavy: integrate them on the scale of 1/x
        return integrate.quad(lambda u: density(side / u, np.zeros(3)) / u**2, 1e-12, 1 / 50)[0]

    middle = integrate.quad(lambda theta: density(theta, np.zeros(3)), -50, 50, points=LOCATION, limit=200)[0]
    assert middle + inverse_tail(1.0) + inverse_tail(-1.0) == pytest.approx(1.0, abs=1e-6)


def test_what_is_not_known_says_nothing() -> None:
    assert compiled(np.zeros(3), power=0.0)(0.7) == 0.0


def table_of(encoded: xr.Dataset, share: xr.DataArray) -> xr.DataArray:
    return mixture_table(encoded, share).assign_coords(feature=list(FEATURES)).isel(judged=0)


def recalibrate(encoded: xr.Dataset, share: xr.DataArray, **value: float) -> dict[str, np.ndarray]:
    usual = {"width": 0.64, "extra_width": 0.2, "narrow": -0.5, "off_centre": -2.0, **value}
    with pm.Model():
        table = mixture_table(encoded, share)
        found = recalibrated(
            as_xtensor(table.values, dims=table.dims),
            {name: as_xtensor(number) for name, number in usual.items()},
            as_xtensor(np.zeros(encoded.sizes["expert"]), dims=("expert",)),
            as_xtensor(1.0),
        )
    return {name: tensor.transpose("judged", "expert").values.eval()[0] for name, tensor in found.items()}


def test_what_counts_half_is_wider_and_what_counts_nothing_is_out() -> None:
    encoded = panel_like(["a", "b", "c"])
    share = xr.DataArray([[1.0, 0.5, 0.0]], dims=("judged", "expert"))
    found = recalibrate(encoded, share)
    assert found["lower"][1] / found["lower"][0] == pytest.approx(np.sqrt(2))
    assert found["log_weight"][2] < NOTHING / 2


def test_widths_are_recalibrated_as_the_formula_says() -> None:
    encoded = panel_like(["a", "b"])
    encoded["lower"].values[0], encoded["rounding_lower"].values[0] = [0.5, 2.0], [0.0, 0.3]
    found = recalibrate(encoded, xr.ones_like(encoded["location"]), width=0.8, extra_width=0.25)
    assert found["lower"][0] == pytest.approx(np.sqrt((0.8 * 0.5) ** 2 + 0.25**2))
    assert found["lower"][1] == pytest.approx(np.sqrt((0.8 * 2.0) ** 2 + 0.25**2 + 0.3**2))


def test_narrow_answers_and_agreeing_experts_weigh_more() -> None:
    encoded = panel_like(["a", "b", "c"])
    encoded["lower"].values[0, 1] = encoded["upper"].values[0, 1] = 0.25
    encoded = encoded.assign_coords(off_centre=("expert", [0.1, 0.1, 0.6]))
    weight = recalibrate(encoded, xr.ones_like(encoded["location"]))["log_weight"]
    assert weight[1] - weight[0] == pytest.approx(-0.5 * np.log(0.25))
    assert weight[2] - weight[0] == pytest.approx(-2.0 * 0.5)


def test_a_bare_point_has_the_usual_width() -> None:
    encoded = panel_like(["a", "b"])
    encoded["has_width"].values[0, 1] = False
    table = table_of(encoded, xr.ones_like(encoded["location"]))
    assert table.sel(feature="point").values.tolist() == [0.0, 1.0]
    assert table.sel(feature="lower").values[1] == encoded["usual_width"].item()
