"""From draws to distributions: against SciPy, on every scale."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from scipy import stats

from blackball.inference.panels import predict
from blackball.inference.panels.predict import cumulative, predicted_distribution

WEIGHT, LOCATION = np.array([0.7, 0.3]), np.array([-0.5, 1.2])
LOWER, UPPER, DEGREES = np.array([0.6, 1.0]), np.array([0.9, 0.4]), (2.2, 6.0)


def draws() -> xr.Dataset:
    """Return two draws that differ in their tails alone, of one question with two components."""
    dims = ("chain", "draw", "judged", "component")
    parts = {"log_weight": np.log(WEIGHT) + 3.0, "location": LOCATION, "lower": LOWER, "upper": UPPER}
    arrays = {name: (dims, np.broadcast_to(value, (1, 2, 1, 2)).copy()) for name, value in parts.items()}
    return xr.Dataset({**arrays, "degrees": (("chain", "draw"), [list(DEGREES)])}, coords={"judged": ["q"]})


def by_scipy(x: np.ndarray) -> np.ndarray:
    total = np.zeros_like(x)
    for degrees in DEGREES:
        for weight, middle, low, high in zip(WEIGHT, LOCATION, LOWER, UPPER, strict=True):
            below = 2 * low / (low + high) * stats.t.cdf(np.minimum(x - middle, 0) / low, degrees)
            above = 2 * high / (low + high) * (stats.t.cdf(np.maximum(x - middle, 0) / high, degrees) - 0.5)
            total += weight * (below + above) / len(DEGREES)
    return total


def cell(support: str, centre: float, unit: float, ends: tuple[float, float]) -> xr.Dataset:
    labels = {"judged": "q", "support": support, "lower_bound": ends[0], "upper_bound": ends[1]}
    return xr.Dataset({"centre": centre, "unit": unit}, coords=labels)


def test_the_distribution_function_is_the_weighted_mean_of_split_students() -> None:
    x = np.linspace(-12, 12, 301)
    found = cumulative(draws().sel(judged="q"), x)
    assert found == pytest.approx(by_scipy(x), abs=2e-5)
    assert cumulative(draws().sel(judged="q"), np.array([-np.inf, np.inf])) == pytest.approx([0.0, 1.0], abs=1e-9)


@pytest.mark.parametrize(
    ("support", "log", "ends", "low", "high", "to_standard"),
    [
        ("real", False, (-np.inf, np.inf), -9.0, 14.0, lambda x: (x - 2) / 1.5),
        ("positive", True, (0.0, np.inf), -2.0, 6.0, lambda x: (x - 2) / 1.5),
        ("positive", False, (0.0, np.inf), -5.0, 90.0, lambda x: (np.log(np.maximum(x, 1e-300)) - 2) / 1.5),
        ("probability", False, (0.0, 1.0), 0.0, 1.0, lambda x: (np.log(x / (1 - x)) - 2) / 1.5),
        ("bounded", False, (10.0, 30.0), 11.0, 30.0, lambda x: (np.log((x - 10) / (30 - x)) - 2) / 1.5),
    ],
)
def test_a_prediction_is_that_distribution_given_the_range(support, log, ends, low, high, to_standard) -> None:
    found = predicted_distribution(draws(), cell(support, 2.0, 1.5, ends), low, high, log=log)
    assert found.points[[0, -1]].tolist() == [low, high]
    x = np.linspace(low, high, 51)[1:-1]
    bottom, top = (
        by_scipy(np.array([to_standard(end)]))[0] if abs(end) not in ends else edge
        for end, edge in ((low, 0.0), (high, 1.0))
    )
    expected = (by_scipy(to_standard(x)) - bottom) / (top - bottom)
    assert found.cdf(x) == pytest.approx(expected, abs=2e-3)


def test_some_experts_stand_for_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """What some say, chosen anew in each draw, is what all say together; the control chooses the same few always."""
    rng, sizes = np.random.default_rng(6), {"chain": 2, "draw": 60, "component": 700}
    parts = {
        "log_weight": rng.normal(0, 1.5, tuple(sizes.values())),
        "location": rng.normal(0, 1, sizes["component"]) + rng.normal(0, 0.1, tuple(sizes.values())),
        "lower": rng.lognormal(-1, 0.5, tuple(sizes.values())),
        "upper": rng.lognormal(-1, 0.5, tuple(sizes.values())),
    }
    draws = xr.Dataset({name: (tuple(sizes), values) for name, values in parts.items()})
    draws["degrees"] = ("chain", "draw"), rng.uniform(3, 8, (2, 60))
    points = np.linspace(-4, 4, 81)
    some = cumulative(draws, points)
    monkeypatch.setattr(predict, "ENOUGH", 3)
    few = cumulative(draws, points)
    monkeypatch.setattr(predict, "ENOUGH", sizes["component"])
    every = cumulative(draws, points)
    assert np.abs(some - every).max() < 0.001
    assert np.abs(few - every).max() > 0.002
