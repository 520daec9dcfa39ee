"""Quantities beside results, each with the value of the right regime, and their rank correlations."""

import numpy as np
import pytest
from scipy import stats

from blackball.decisions.dependence import rank_correlation
from blackball.decisions.drawn import drawn, halves

from ..synthetic import CATASTROPHE, draws_of, fit_of, governed

REGIMES = ["many", "one"]
QUANTITY = {"kind": "quantity", "unit": "odds"}
COUNT = 2000
MCSE = 1 / np.sqrt(COUNT - 1)


def known(order=(0, 1)):
    """Of two regimes: the outcome rises with `pace` in one and falls with it in the other; `noise` is unrelated."""
    rng = np.random.default_rng(7)
    pace, noise = rng.normal(size=(COUNT, 2)), rng.normal(size=COUNT)
    chances = 1 / (1 + np.exp(-np.stack([pace[:, 0] ** 3, -np.exp(pace[:, 1])], axis=1)))
    halved = chances[..., None] * np.array([0.5, 1.0])
    names = {"regime": REGIMES}
    return fit_of(
        {
            "noise": draws_of(noise).assign_attrs(QUANTITY),
            "pace": draws_of(pace[:, list(order)], ("regime",), **names).assign_attrs(QUANTITY),
            "stands": draws_of(rng.normal(size=(COUNT, 2)), ("bloc",), bloc=["a", "b"]).assign_attrs(QUANTITY),
            "spread": draws_of(pace[:, 0]).assign_attrs(kind="internal"),
            "bad": draws_of(halved, ("regime", "horizon"), horizon=[2030, 2050], **names).assign_attrs(CATASTROPHE),
        }
    )


def correlated(fit):
    """Return the correlations of each regime: quantity by result."""
    return {
        one.regime: rank_correlation(*(draws.reshape(COUNT, -1) for draws in (one.inputs, one.outputs)))
        for one in drawn(fit)
    }


def test_a_monotone_result_follows_the_quantity_of_its_own_regime():
    found = correlated(known())
    places = next(iter(drawn(known()))).quantities
    assert places == [("noise", ""), ("pace", ""), ("stands", "bloc=a"), ("stands", "bloc=b")]
    np.testing.assert_allclose(found["many"][1], 1)
    np.testing.assert_allclose(found["one"][1], -1)
    assert max(abs(found[name][[0, 2, 3]]).max() for name in REGIMES) < 4 * MCSE


def test_the_value_of_another_regime_is_told_apart():
    """Negative control: with the regimes of the quantity exchanged nothing is left of the relation."""
    found = correlated(known(order=(1, 0)))
    assert max(abs(found[name][1]).max() for name in REGIMES) < 4 * MCSE


def test_an_outcome_without_regimes_meets_the_reference():
    fit = known()
    alone = fit["posterior"].dataset["bad"].sel(regime="many", drop=True)
    fit["posterior"] = fit["posterior"].to_dataset().assign(alone=alone)
    *_, last = drawn(fit, ["alone"])
    assert (last.regime, last.results) == ("", [("alone", "horizon=2030"), ("alone", "horizon=2050")])
    flat = (draws.reshape(COUNT, -1) for draws in (last.inputs, last.outputs))
    np.testing.assert_allclose(rank_correlation(*flat)[1], 1)


def test_ties_share_ranks_and_constants_have_no_correlation():
    rng = np.random.default_rng(2)
    rough, other = rng.integers(0, 4, size=300).astype(float), rng.normal(size=300)
    found = rank_correlation(np.stack([rough, np.ones(300)], axis=1), (rough + other)[:, None])
    assert found[0, 0] == pytest.approx(stats.spearmanr(rough, rough + other).statistic)
    assert np.isnan(found[1, 0])


def test_only_what_is_chosen_is_laid_out():
    found = list(drawn(governed(), ["power_concentration"], ["licensing"]))
    assert [(one.regime, one.results) for one in found] == [("licensing", [("power_concentration", "")])]


def test_halves_are_of_single_chains():
    chains = np.arange(24.0).reshape(2, 6, 2)
    assert [half[:, 0].tolist() for half in halves(chains)] == [[0, 2, 4], [6, 8, 10], [12, 14, 16], [18, 20, 22]]
