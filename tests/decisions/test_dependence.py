"""Rank correlations of quantities and results, where they are known."""

import numpy as np
import pytest
from scipy import stats

from blackball.decisions.compare import compare
from blackball.decisions.dependence import COLUMNS, dependence
from blackball.errors import ModelError

from ..synthetic import CATASTROPHE, draws_of, fit_of, governed

REGIMES = ["many", "one"]
QUANTITY = {"kind": "quantity", "unit": "odds"}
COUNT = 2000
MCSE = 1 / np.sqrt(COUNT - 1)


def known():
    """Of two regimes: the outcome rises with `pace` in one and falls with it in the other; `noise` is unrelated."""
    rng = np.random.default_rng(7)
    pace, noise = rng.normal(size=(COUNT, 2)), rng.normal(size=COUNT)
    chances = 1 / (1 + np.exp(-np.stack([pace[:, 0] ** 3, -np.exp(pace[:, 1])], axis=1)))
    halves = chances[..., None] * np.array([0.5, 1.0])
    names = {"regime": REGIMES}
    return fit_of(
        {
            "noise": draws_of(noise).assign_attrs(QUANTITY),
            "pace": draws_of(pace, ("regime",), **names).assign_attrs(QUANTITY),
            "stands": draws_of(rng.normal(size=(COUNT, 2)), ("bloc",), bloc=["a", "b"]).assign_attrs(QUANTITY),
            "spread": draws_of(pace[:, 0]).assign_attrs(kind="internal"),
            "bad": draws_of(halves, ("regime", "horizon"), horizon=[2030, 2050], **names).assign_attrs(CATASTROPHE),
        }
    )


FOUND = dependence(known())


def correlations(quantity, label=""):
    rows = FOUND[(FOUND["quantity"] == quantity) & (FOUND["label"] == label)]
    return rows.set_index(["regime", "at"])["rank_correlation"]


def test_a_monotone_result_follows_the_quantity_of_its_own_regime():
    found = correlations("pace")
    assert found["many"].tolist() == pytest.approx([1, 1])
    assert found["one"].tolist() == pytest.approx([-1, -1])


def test_an_independent_quantity_has_none():
    assert correlations("noise").abs().max() < 4 * MCSE
    assert correlations("stands", "bloc=b").abs().max() < 4 * MCSE


def test_the_value_of_another_regime_is_told_apart():
    """Negative control: with the regimes of the quantity exchanged nothing is left of the relation."""
    fit = known()
    pace = fit["posterior"].dataset["pace"]
    fit["posterior"] = fit["posterior"].to_dataset().assign(pace=pace.isel(regime=[1, 0]).assign_coords(regime=REGIMES))
    found = dependence(fit)
    assert found.loc[found["quantity"] == "pace", "rank_correlation"].abs().max() < 4 * MCSE


def test_ties_are_ranked_as_in_scipy():
    rng = np.random.default_rng(8)
    coarse = rng.integers(0, 4, size=COUNT)
    result = (coarse + rng.integers(0, 6, size=COUNT)) / 10
    posterior = {"coarse": draws_of(coarse).assign_attrs(QUANTITY), "bad": draws_of(result).assign_attrs(CATASTROPHE)}
    (row,) = dependence(fit_of(posterior)).to_dict("records")
    assert row["rank_correlation"] == pytest.approx(stats.spearmanr(coarse, result).statistic, rel=1e-9)
    assert (row["outcome"], row["regime"], row["at"], row["label"]) == ("bad", "", "", "")


def test_the_strongest_stands_first_in_each_result():
    assert FOUND.columns.tolist() == COLUMNS
    assert "spread" not in set(FOUND["quantity"])
    assert len(FOUND) == len(REGIMES) * 2 * 4
    for _, rows in FOUND.groupby(["outcome", "regime", "at"]):
        sizes = rows["rank_correlation"].abs().tolist()
        assert sizes == sorted(sizes, reverse=True)
        assert rows["quantity"].iloc[0] == "pace"


def test_what_does_not_vary_has_no_correlation_and_stands_last():
    rng = np.random.default_rng(9)
    moving = rng.uniform(size=COUNT)
    posterior = {
        "fixed": draws_of(np.ones(COUNT)).assign_attrs(QUANTITY),
        "moving": draws_of(moving).assign_attrs(QUANTITY),
        "bad": draws_of(moving / 2).assign_attrs(CATASTROPHE),
    }
    found = dependence(fit_of(posterior))
    assert found["quantity"].tolist() == ["moving", "fixed"]
    assert np.isnan(found["rank_correlation"].iloc[-1])


def test_a_result_without_regimes_takes_the_reference():
    rng = np.random.default_rng(10)
    pace = rng.normal(size=(COUNT, 2))
    posterior = {
        "pace": draws_of(pace, ("regime",), regime=REGIMES).assign_attrs(QUANTITY),
        "bad": draws_of(pace[:, 0]).assign_attrs(CATASTROPHE),
    }
    assert dependence(fit_of(posterior))["rank_correlation"].tolist() == pytest.approx([1])


def test_results_stand_as_in_the_comparison():
    fit = governed()
    keys = ["outcome", "regime", "at"]
    found = dependence(fit)[keys].drop_duplicates().reset_index(drop=True)
    assert found.equals(compare(fit).outcomes[keys])


def test_without_a_headline_there_is_nothing_to_depend():
    with pytest.raises(ModelError, match=r"the model marks no outcome to compare"):
        dependence(fit_of({"pace": draws_of(np.arange(100.0)).assign_attrs(QUANTITY)}))
