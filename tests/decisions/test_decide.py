"""Expected losses, regrets and choices where they are known in closed form."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from blackball.decisions import decide, losses_of
from blackball.mechanisms import urn
from blackball.mechanisms.evaluate import evaluate

from ..synthetic import CATASTROPHE, draws_of, fit_of, governed, regimes_of

COLUMNS = ["outcome", "at", "regime", "loss", "unit", "source"]
COUNTS = [1, 3, 10]
A, B = 2.0, 30.0


def table(*rows, source="made for a test"):
    return losses_of(pd.DataFrame([(*row, "points", source) for row in rows], columns=COLUMNS))


def drawing(chances=None):
    """One regime a number of draws from an urn of which the share of bad balls is uncertain."""
    bad = np.random.default_rng(3).beta(A, B, size=(4000, 1))
    names = [f"draws_{count}" for count in COUNTS]
    risk = 1 - (1 - bad) ** np.array(COUNTS) if chances is None else np.tile(chances, (4000, 1))
    outcome = draws_of(risk, ("regime",), regime=names).assign_attrs(CATASTROPHE)
    return fit_of({"catastrophe": outcome}, regimes=regimes_of(names, {}))


URN = drawing()


def gambling(loss):
    """Each draw that is not made forgoes one point; a catastrophe costs `loss`."""
    forgone = [("", "", f"draws_{count}", 10.0 - count) for count in COUNTS]
    return table(("catastrophe", "", "", loss), *forgone)


def test_the_urn_of_the_test_is_that_of_the_mechanism():
    bad = URN["posterior"]["catastrophe"].sel(regime="draws_1", drop=True)
    found = URN["posterior"]["catastrophe"].sel(regime="draws_3", drop=True)
    np.testing.assert_allclose(evaluate(urn.any_bad_independent, {"bad": bad, "draws": 3.0}), found, rtol=1e-10)


def test_expected_losses_are_those_of_a_beta_distribution():
    found = decide(URN, gambling(100.0)).regimes.set_index("regime")
    for count in COUNTS:
        row = found.loc[f"draws_{count}"]
        chance = 1 - np.exp(special.betaln(A, B + count) - special.betaln(A, B))
        assert abs(row["expected_loss"] - (10 - count + 100 * chance)) < 4 * row["mcse"]
        assert 0 < row["mcse"] < 0.02 * 100 * chance
        # Negative control: the next number of draws has another loss.
        wrong = 1 - np.exp(special.betaln(A, B + count + 1) - special.betaln(A, B))
        assert abs(row["expected_loss"] - (10 - count + 100 * wrong)) > 4 * row["mcse"]


def test_the_worse_a_catastrophe_the_fewer_gambles():
    best = [decide(URN, gambling(loss)).best for loss in (0.0, 1.0, 10.0, 15.0, 100.0, 1e6)]
    made = [int(name.removeprefix("draws_")) for name in best]
    assert made == sorted(made, reverse=True)
    assert made[0] == 10
    assert made[-1] == 1


def test_it_follows_from_the_gambles_and_is_not_assumed():
    """Negative control: where draws bring no risk, no loss however great asks for fewer of them."""
    safe = drawing([0.3, 0.3, 0.3])
    assert {decide(safe, gambling(loss)).best for loss in (0.0, 100.0, 1e6)} == {"draws_10"}


def test_the_switches_are_the_best_at_every_factor():
    decision = decide(
        governed(), table(("catastrophe", "horizon=2100", "", 100.0), ("power_concentration", "", "", 30.0))
    )
    sums = decision.parts.pivot_table(index="outcome", columns="regime", values="loss", sort=False)
    for outcome, rows in decision.switches.groupby("outcome"):
        assert rows["low"].tolist() == [0.0, *rows["high"].tolist()[:-1]]
        assert np.isinf(rows["high"].iloc[-1])
        for factor in np.geomspace(1e-3, 1e3, 60):
            best = (sums.drop(index=outcome).sum() + factor * sums.loc[outcome]).idxmin()
            assert rows.loc[(rows["low"] <= factor) & (factor < rows["high"]), "best"].tolist() == [best]
        stated = rows[(rows["low"] <= 1) & (rows["high"] > 1)]
        assert stated["best"].tolist() == [decision.best]


@pytest.mark.parametrize("mean", [-0.5, 0.0, 1.0])
def test_perfect_information_on_a_normal_difference(mean):
    """Of a sure loss of 0 and one of N(mean, 1): EVPI is phi(mean) - |mean| Phi(-|mean|)."""
    harm = np.random.default_rng(5).normal(mean, 1.0, size=(8000, 1)) * np.array([0.0, 1.0])
    outcome = draws_of(harm, ("regime",), regime=["sure", "gamble"]).assign_attrs({**CATASTROPHE, "unit": "points"})
    decision = decide(
        fit_of({"harm": outcome}, regimes=regimes_of(["sure", "gamble"], {})), table(("harm", "", "", 1.0))
    )
    known = stats.norm.pdf(mean) - abs(mean) * stats.norm.cdf(-abs(mean))
    assert abs(decision.evpi - known) < 4 * 0.6 / np.sqrt(8000)
    assert abs(decision.evpi - stats.norm.pdf(mean + 1)) > 4 * 0.6 / np.sqrt(8000)
    best = decision.regimes.set_index("regime")
    assert best.loc["gamble", "p_best"] == pytest.approx(stats.norm.cdf(-mean), abs=4 * 0.5 / np.sqrt(8000))
    assert best.loc["sure", ["expected_loss", "mcse"]].tolist() == [0, 0]


@settings(max_examples=20, deadline=None)
@given(st.floats(0, 1e6), st.floats(-1e4, 1e4), st.floats(0, 1e4))
def test_regrets_and_chances_add_up(catastrophe, power, cost):
    fit = FIT
    rows = [("catastrophe", "horizon=2100", "", catastrophe), ("power_concentration", "", "", power)]
    decision = decide(fit, table(*rows, ("", "", "", 0.0), ("", "", "moratorium", cost)))
    found = decision.regimes
    scale = 1e-9 * (1 + catastrophe + abs(power) + cost)
    assert found["p_best"].sum() == pytest.approx(1)
    assert decision.evpi >= -scale
    assert found["regret"].min() == pytest.approx(decision.evpi, abs=scale)
    assert (found["over_best"] >= -scale).all()
    np.testing.assert_allclose(found["regret"] - found["over_best"], decision.evpi, atol=scale)
    sums = decision.parts.groupby("regime", sort=False)["loss"].sum()
    np.testing.assert_allclose(sums, found["expected_loss"], atol=scale)


FIT = governed()


def test_a_row_of_a_regime_goes_before_that_of_all():
    rows = [("power_concentration", "", "", 10.0), ("power_concentration", "", "licensing", 20.0)]
    found = decide(FIT, table(*rows)).regimes.set_index("regime")["expected_loss"]
    means = FIT["posterior"]["power_concentration"].mean(("chain", "draw"))
    assert found["licensing"] == pytest.approx(20 * float(means.sel(regime="licensing")))
    assert found["moratorium"] == pytest.approx(10 * float(means.sel(regime="moratorium")))


def test_an_outcome_that_is_no_headline_or_the_same_in_all_regimes_counts_too():
    same = draws_of(np.linspace(0, 1, 1000)).assign_attrs({**CATASTROPHE, "headline": 0})
    fit = governed()
    fit["posterior"] = fit["posterior"].to_dataset().assign(shared=same)
    found = decide(fit, table(("shared", "", "", 2.0))).regimes
    np.testing.assert_allclose(found["expected_loss"], 1.0)
    np.testing.assert_allclose(found["p_best"], 1 / 6)


def test_what_leans_on_illustrative_numbers_is_marked():
    catastrophe = ("catastrophe", "horizon=2030", "", 1.0)
    published = decide(FIT, table(catastrophe)).regimes.set_index("regime")["leans"]
    assert not published["status_quo"]
    assert published["moratorium"]
    assert decide(FIT, table(catastrophe, source="illustrative: a test")).regimes["leans"].all()
    assert decide(FIT, table(catastrophe)).illustrative_inputs == ("breach", "power_concentration")
