"""Experts integrated out: against numerical integration of the likelihood with bias and skill in it."""

from __future__ import annotations

import numpy as np
import pytensor
import pytest
import xarray as xr
from scipy import stats
from scipy.special import logsumexp

from blackball.modelling.experts.integrated import Rounded, node_logp
from blackball.modelling.experts.nodes import nodes

QUESTIONS, EXPERTS = 30, 40
BIAS_SD, SKILL_SD = 0.3, 0.33
DIMS = ("judged", "expert")
STUDENT = stats.t(4)
NOWHERE = Rounded([], [])


def made(answers: int, seed: int = 1) -> dict[str, np.ndarray]:
    """Simulate a panel in which everybody answers so many questions."""
    rng = np.random.default_rng(seed)
    shape = (QUESTIONS, EXPERTS)
    centre, noise = rng.normal(0, 0.7, QUESTIONS), np.hypot(0.5 * rng.lognormal(0, 0.5, shape), 0.6)
    bias, skill = BIAS_SD * rng.normal(size=EXPERTS), np.exp(SKILL_SD * rng.normal(size=EXPERTS))
    counts = (rng.permuted(np.arange(QUESTIONS)[:, None] * np.ones(shape), axis=0) < answers).astype(float)
    said = counts * (centre[:, None] + bias + skill * noise * rng.standard_t(4, shape))
    return {"centre": centre, "noise": noise, "counts": counts, "said": said}


def integrated(panel: dict[str, np.ndarray], rounded: Rounded = NOWHERE, **changed: object) -> np.ndarray:
    """Return the log likelihood of each expert."""
    said, counts, noise = (xr.DataArray(panel[name], dims=DIMS) for name in ("said", "counts", "noise"))
    place = nodes(said, counts, noise, (BIAS_SD, SKILL_SD)).values
    given = {
        "said": panel["said"],
        "centre": panel["centre"],
        "of_camp": np.zeros(EXPERTS),
        "spread": np.full(EXPERTS, BIAS_SD),
        "skill_sd": np.float64(SKILL_SD),
        "noise": panel["noise"],
        "counts": panel["counts"],
        "place": place,
        "intervals": np.zeros((3, QUESTIONS, EXPERTS)),
    }
    inputs = [pytensor.tensor.as_tensor(value) for value in (given | changed).values()]
    return np.asarray(logsumexp(node_logp(rounded, *inputs).eval(), axis=0))


def by_grid(
    panel: dict[str, np.ndarray], spread: float = BIAS_SD, skill_sd: float = SKILL_SD, below: float | None = None
) -> np.ndarray:
    """Integrate the likelihood with bias and skill in it, on a fine grid wider than either can be.

    With `below`, answers to the first question are known to lie below it, and no more.
    """
    bias, logs = (np.linspace(-6 * sd, 6 * sd, 121) for sd in (spread, skill_sd))
    step = (bias[1] - bias[0]) * (logs[1] - logs[0])
    prior = stats.norm.logpdf(bias, 0, spread)[:, None] + stats.norm.logpdf(logs, 0, skill_sd)
    total = np.broadcast_to(prior, (EXPERTS, *prior.shape)).copy()
    for question in range(QUESTIONS):
        scale = panel["noise"][question][:, None, None] * np.exp(logs)
        gap = (panel["said"] - panel["centre"][:, None])[question][:, None, None] - bias[:, None]
        if below is not None and question == 0:
            one = STUDENT.logcdf((below - panel["centre"][0] - bias[:, None]) / scale)
        else:
            one = -2.5 * np.log1p((gap / scale) ** 2 / 4) - np.log(scale) + STUDENT.logpdf(0)
        total += panel["counts"][question][:, None, None] * one
    return np.asarray(logsumexp(total, axis=(1, 2)) + np.log(step))


@pytest.mark.parametrize("answers", [0, 1, 2, 3, 5, 10, 30])
def test_a_sum_over_nodes_is_the_integral(answers: int) -> None:
    panel = made(answers)
    assert np.abs(integrated(panel) - by_grid(panel)).max() < 0.005


@pytest.mark.parametrize("answers", [1, 2, 3, 5, 10, 30])
def test_it_changes_with_the_parameters_as_the_integral_does(answers: int) -> None:
    """What moves a posterior: nodes stay where they were, and the parameters are others."""
    panel = made(answers)
    error = integrated(panel) - by_grid(panel)
    wider = integrated(panel, spread=np.full(EXPERTS, 1.1 * BIAS_SD)) - by_grid(panel, spread=1.1 * BIAS_SD)
    uneven = integrated(panel, skill_sd=np.float64(1.1 * SKILL_SD)) - by_grid(panel, skill_sd=1.1 * SKILL_SD)
    assert abs((wider - error).mean()) < 0.0003
    assert abs((uneven - error).mean()) < 0.0003


def test_nodes_of_another_place_are_not_good_enough() -> None:
    """The negative control: without the data's nodes the same sum is far off."""
    panel = made(30)
    said, counts, noise = (xr.DataArray(panel[name], dims=DIMS) for name in ("said", "counts", "noise"))
    place = nodes(said, 0 * counts, noise, (BIAS_SD, SKILL_SD)).values
    assert np.abs(integrated(panel, place=place) - by_grid(panel)).max() > 0.3


def test_a_camp_moves_the_mean_of_a_bias() -> None:
    panel = made(10)
    moved = panel | {"centre": panel["centre"] - 0.2}
    place = nodes(*(xr.DataArray(panel[name], dims=DIMS) for name in ("said", "counts", "noise")), (BIAS_SD, SKILL_SD))
    shifted = place.values.copy()
    shifted[0] += 0.2
    beside = integrated(moved, place=shifted, of_camp=np.full(EXPERTS, 0.2))
    assert beside == pytest.approx(integrated(panel, place=place.values))


@pytest.mark.parametrize("silent", [False, True])
def test_an_interval_is_integrated_too(silent: bool) -> None:
    """Answers to the first question are all zeros that stand for anything below -1; some had one to the second."""
    panel = made(10)
    counted = panel["counts"][0] > 0
    panel["said"][0] = np.where(counted, -1.5, 0.0)
    intervals = np.zeros((3, QUESTIONS, EXPERTS))
    intervals[:, 0] = counted, np.full(EXPERTS, -1e6), np.full(EXPERTS, -1.0)
    rounded = Rounded([0, 1] if silent else [0], np.flatnonzero(counted).tolist())
    given = {"place": nodes(*(xr.DataArray(panel[n], dims=DIMS) for n in ("said", "counts", "noise")), (0.3, 0.33))}
    found = integrated(panel, rounded, place=given["place"].values, intervals=intervals)
    assert np.abs(found - by_grid(panel, below=-1.0)).max() < 0.03


def test_nodes_go_by_those_who_answer_little() -> None:
    few, many = made(3), made(30, seed=2)
    panel = {name: np.hstack([few[name], many[name]]) for name in ("noise", "counts", "said")}
    shapes = {
        share: nodes(*(xr.DataArray(panel[n][:, -share:], dims=DIMS) for n in ("said", "counts", "noise")), (0.3, 0.33))
        for share in (40, 43, 60)
    }
    assert {share: placed.sizes["node"] for share, placed in shapes.items()} == {40: 12, 43: 12, 60: 63}
