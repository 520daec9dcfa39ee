"""The mixture's density against an independent computation, and what it does with weights."""

from __future__ import annotations

import numpy as np
import pytensor.tensor as pt
import pytest
import xarray as xr
from scipy import integrate, stats

from blackball.modelling.hyperpriors import hyperpriors
from blackball.modelling.mixture import FEATURES, NOTHING, camp_discount, mixture_logp, mixture_table

LOCATION = np.array([[-1.0, 0.5, 2.0]])
LOWER, UPPER, REST = np.array([0.5, 1.0, 0.3]), np.array([0.8, 0.4, 0.3]), 0.26**2
WEIGHT = np.array([0.5, 0.3, 0.2])
STRAY = 0.05


def density(theta: float, own: np.ndarray) -> float:
    """Return the mixture's density at one truth, written from its definition."""
    total, weights = 0.0, WEIGHT * np.exp(own) / (WEIGHT * np.exp(own)).sum()
    for weight, location, low, high in zip(weights, LOCATION[0], LOWER, UPPER, strict=True):
        low, high = np.sqrt(low**2 + REST), np.sqrt(high**2 + REST)
        for share, factor in ((1 - STRAY, 1.0), (STRAY, 4.0)):
            side = factor * (low if theta < location else high)
            peak = 2 / (factor * (low + high))
            total += weight * share * peak * stats.norm.pdf((theta - location) / side)
    return total


def compiled(own: np.ndarray) -> object:
    columns = [own, LOWER, UPPER, np.full(3, REST), np.full(3, REST), np.zeros(3)]
    table = np.stack(columns, axis=-1)[None]
    theta = pt.vector("theta")
    logp = mixture_logp(
        pt.constant(LOCATION),
        theta,
        pt.constant(table),
        pt.constant(np.log(WEIGHT)),
        pt.constant(1.0),
        pt.constant(STRAY),
        pt.constant(np.ones(1)),
    )
    return lambda value: float(logp.eval({theta: np.array([value])})[0])


@pytest.mark.parametrize("own", [np.zeros(3), np.array([0.3, -0.7, 0.1]), np.array([0.0, -np.inf, 0.0])])
def test_density_is_that_of_the_definition(own: np.ndarray) -> None:
    logp = compiled(own)
    for theta in (-3.0, -1.0, 0.2, 0.5, 4.0):
        assert logp(theta) == pytest.approx(np.log(density(theta, own)), rel=1e-10)


def test_density_integrates_to_one() -> None:
    points = [-1.0, 0.5, 2.0]
    total = integrate.quad(lambda theta: density(theta, np.zeros(3)), -60, 60, points=points, limit=200)[0]
    assert total == pytest.approx(1.0, abs=1e-7)


def panel_like(camps: list[str]) -> xr.Dataset:
    shape = (1, len(camps))
    dims = ("judged", "expert")
    ones = np.ones(shape)
    return xr.Dataset(
        {
            "location": (dims, np.linspace(-1, 1, len(camps))[None]),
            "lower": (dims, ones),
            "upper": (dims, ones),
            "answered": (dims, np.ones(shape, dtype=bool)),
            "has_width": (dims, np.ones(shape, dtype=bool)),
            "rounding_lower": (dims, 0 * ones),
            "rounding_upper": (dims, 0 * ones),
            "usual_width": ("judged", np.ones(1)),
        },
        coords={"judged": ["q"], "expert": [f"e{i}" for i in range(len(camps))], "camp": ("expert", camps)},
    )


def discounts(camps: list[str], counts: list[bool], correlation: float) -> np.ndarray:
    encoded = panel_like(camps)
    answers = xr.DataArray([counts], dims=("judged", "expert"), coords={"expert": encoded["expert"]})
    return camp_discount(encoded, answers, correlation).isel(judged=0).values


def test_a_camp_of_many_is_worth_little_more_than_one() -> None:
    found = discounts(["many"] * 9 + ["one"], [True] * 10, 0.5)
    assert found[:9].sum() / found[9] == pytest.approx(9 / (1 + 8 * 0.5))


def test_only_those_who_answer_share_their_camp_s_discount() -> None:
    found = discounts(["many"] * 9 + ["one"], [True] + [False] * 8 + [True], 0.5)
    assert found[0] == found[9] == 1.0


def test_without_correlation_every_answer_is_worth_the_same() -> None:
    assert np.allclose(discounts(["many"] * 9 + ["one"], [True] * 10, 0.0), 1.0)


def test_what_counts_half_is_wider_and_what_counts_nothing_is_out() -> None:
    encoded, hyper = panel_like(["a", "b", "c"]), hyperpriors("mixture")
    share = xr.DataArray([[1.0, 0.5, 0.0]], dims=("judged", "expert"))
    table = mixture_table(encoded, share, hyper).assign_coords(feature=list(FEATURES)).isel(judged=0)
    lower = np.sqrt(table.sel(feature="lower") ** 2 + table.sel(feature="lower_rest")).values
    assert lower[1] / lower[0] == pytest.approx(np.sqrt(2))
    assert table.sel(feature="log_weight").values[2] == NOTHING


def test_narrow_and_central_answers_weigh_more() -> None:
    encoded, hyper = panel_like(["a", "b", "c"]), hyperpriors("mixture")
    encoded["lower"].values[0, 1] = encoded["upper"].values[0, 1] = 0.25
    share = xr.ones_like(encoded["location"])
    weight = mixture_table(encoded, share, hyper).isel(judged=0, feature=0).values
    assert weight[1] > weight[0]
    assert weight[0] == pytest.approx(-0.32 * np.log(2))
