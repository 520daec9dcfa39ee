"""Judgements against the prior and the posterior, on values whose distributions are normal and known."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from scipy import stats

from blackball.inference.checks.contradictions import conflict, contradicted
from blackball.inference.checks.stated import judged_cells, modelled, pooled, said

GRID = stats.norm.ppf((np.arange(1000) + 0.5) / 1000)


def made(stated: list[list[float]], width: float = 1.0, prior_sd: float = 2.0, **cell: object) -> xr.DataTree:
    """Return a fit in which the prior of each judged value is normal around 0, and the posterior the exact one.

    Each list is what the experts state of one value; NaN where they do not. Every second regime is judged.
    """
    location = np.array(stated)
    judged, expert = [f"risk | r{place}" for place in range(len(stated))], ["ann", "ben", "cem"][: location.shape[1]]
    answered = np.isfinite(location)
    wide = np.full(location.shape, width)
    text = {name: ("judged", [str(cell.get(name, ""))] * len(judged)) for name in ("given", "at", "reference")}
    encoded = xr.Dataset(
        {
            "location": (("judged", "expert"), np.nan_to_num(location)),
            "answered": (("judged", "expert"), answered),
            "has_width": (("judged", "expert"), answered),
            **dict.fromkeys(("lower", "upper"), (("judged", "expert"), wide)),
            **dict.fromkeys(("rounding_lower", "rounding_upper"), (("judged", "expert"), 0 * wide)),
            **{name: ("judged", np.full(len(judged), at)) for name, at in (("centre", 0.0), ("unit", 1.0))},
            "usual_width": ("judged", wide[:, 0]),
            "realisation": ("judged", np.full(len(judged), np.nan)),
        },
        coords={
            "judged": judged,
            "expert": expert,
            "variable": ("judged", ["risk"] * len(judged)),
            "regime": ("judged", [f"r{place}" for place in range(len(judged))]),
            "support": ("judged", [str(cell.get("support", "real"))] * len(judged)),
            "lower_bound": ("judged", [-np.inf] * len(judged)),
            "upper_bound": ("judged", [np.inf] * len(judged)),
            **text,
        },
    )
    centre = np.nan_to_num(location).sum(axis=1) / answered.sum(axis=1).clip(min=1)
    share = prior_sd**2 / (prior_sd**2 + width**2 / answered.sum(axis=1).clip(min=1))
    after = centre * share + GRID[:, None] * prior_sd * np.sqrt(1 - share)
    draws = {"prior": GRID[:, None] * prior_sd + 0 * after, "posterior": after}
    regimes = {"regime": [f"r{place}" for place in range(len(judged))]}
    groups = {
        name: xr.Dataset({"risk": (("chain", "draw", "regime"), values[None])}, coords=regimes)
        for name, values in draws.items()
    }
    return xr.DataTree.from_dict({"encoded": encoded, **groups})


@pytest.mark.parametrize("place", [0.0, 1.0, 4.3, 4.5, -4.3, -4.5, 9.0])
def test_prior_and_judgement_conflict_where_the_prior_predictive_says_so(place: float) -> None:
    fit = made([[place]])
    # The truth has sd 2 and the answer's error sd 1: 1.96 of their joint sd is 4.38.
    cells = judged_cells(fit)
    above = float(pooled(modelled(fit["prior"].dataset, cells), cells).mean())
    assert above == pytest.approx(stats.norm.cdf(-place / np.sqrt(5)), abs=1e-3)
    assert (conflict(fit).status == "look") == (abs(place) > 1.96 * np.sqrt(5))


def test_a_conflict_names_who_said_what_of_which_value() -> None:
    found = conflict(made([[0.3, np.nan], [9.0, 8.0]]))
    assert found.value == 0.5
    assert "risk | r1 (ann said 9, ben 8; the priors alone say about " in found.advice
    assert "r0" not in found.advice


def test_nothing_is_said_of_most_panels_in_which_nothing_is_amiss() -> None:
    rng = np.random.default_rng(1)
    truth = rng.normal(0, 2, (150, 4, 1))
    panels = truth + rng.normal(0, 1, (150, 4, 1))
    alarms = np.mean([conflict(made(panel.tolist())).status == "look" for panel in panels])
    assert alarms == pytest.approx(0.05, abs=4 * np.sqrt(0.05 * 0.95 / 150))
    # The same panels under a prior that is too narrow: the negative control.
    wrong = np.mean([conflict(made(panel.tolist(), prior_sd=0.5)).status == "look" for panel in panels[:30]])
    assert wrong > 0.25


def test_a_judgement_is_contradicted_where_the_posterior_leaves_it_out() -> None:
    # With a prior of sd .5 and an answer of sd 1 the posterior is N(y / 5, .2): the answer is 4 y / 5 away.
    limit = 1.645 * np.sqrt(0.2) / 0.8
    assert contradicted(made([[limit - 0.02]], prior_sd=0.5)).status == "pass"
    found = contradicted(made([[limit + 0.02], [0.1]], prior_sd=0.5))
    assert (found.status, found.value) == ("look", 0.5)
    assert found.advice.startswith("the model and other judgements outweigh risk | r0 (ann said 0.94; posterior 0.19)")


def test_experts_who_disagree_are_taken_together() -> None:
    fit = made([[-6.0, 6.0]])
    cells = judged_cells(fit)
    both = pooled(xr.DataArray([[0.0, -6.0, 20.0]], dims=("judged", "sample")), cells).values
    np.testing.assert_allclose(both, [[0.5, 0.25, 1.0]], atol=1e-6)
    assert contradicted(fit).status == "pass"


def test_of_many_draws_some_say_what_all_do() -> None:
    cells = judged_cells(made([[-1.0, 2.0, 0.5]]))
    draws = np.random.default_rng(1).standard_cauchy((1, 6000))
    found = pooled(xr.DataArray(draws, dims=("judged", "sample")), cells).values
    exact = stats.norm.cdf(draws[0][:, None], [-1.0, 2.0, 0.5], 1.0).mean(axis=1)
    np.testing.assert_allclose(found[0], exact, atol=1e-4)


def test_a_draw_that_is_no_number_spoils_no_other() -> None:
    cells = judged_cells(made([[-1.0, 2.0, 0.5]]))
    draws = xr.DataArray([[0.0, np.nan, -np.inf, 1.0, np.inf]], dims=("judged", "sample"))
    found = pooled(draws, cells).values[0]
    exact = [stats.norm.cdf(draw, [-1.0, 2.0, 0.5], 1.0).mean() for draw in (0.0, 1.0)]
    np.testing.assert_allclose(found, [exact[0], np.nan, 0.0, exact[1], 1.0], atol=1e-12)
    assert np.isnan(pooled(draws[:, 1:2], cells)).all()


def test_only_those_who_answered_are_named() -> None:
    cells = judged_cells(made([[1.0, np.nan, 3.0]]))
    assert said(cells.isel(judged=0)) == "ann said 1, cem 3"


def test_ratios_are_compared_by_their_logs() -> None:
    fit = made([[0.5]], support="positive", reference="r0")
    fit["prior"] = np.exp(fit["prior"].dataset)
    # A regime's ratio to itself is one in every draw.
    assert np.all(modelled(fit["prior"].dataset, judged_cells(fit)) == 0)


@pytest.mark.parametrize("check", [conflict, contradicted])
def test_where_nobody_judged_anything_nothing_is_amiss(check) -> None:
    assert check(made([[np.nan]])).status == "pass"
