import numpy as np
import pytest

from blackball.decisions.headlines import headlines, laid_out
from blackball.decisions.summary import intervals, summary
from blackball.errors import ModelError

from ..synthetic import CATASTROPHE, draws_of, fit_of, governed


def crafted():
    """Reference 1..8 eighths of a tenth; the other regime is twice as risky in three draws of four."""
    reference = np.arange(1, 9) / 80
    other = np.where(np.arange(8) % 4 == 0, reference / 2, 2 * reference)
    return draws_of(np.stack([reference, other], axis=1), ("regime",), regime=["a", "b"]).rename("risk")


def test_moments_and_quantiles_are_those_of_all_chains():
    rows = intervals(crafted()).set_index("regime")
    draws = np.arange(1, 9) / 80
    assert rows.loc["a", "mean"] == pytest.approx(4.5 / 80)
    assert rows.loc["a", "median"] == pytest.approx(4.5 / 80)
    # Linear interpolation between order statistics: position 0.05 * 7 = 0.35 and so on.
    assert rows.loc["a", "q05"] == pytest.approx(1.35 / 80)
    assert rows.loc["a", "q25"] == pytest.approx(2.75 / 80)
    assert rows.loc["a", "q75"] == pytest.approx(6.25 / 80)
    assert rows.loc["a", "q95"] == pytest.approx(7.65 / 80)
    assert rows.loc["b", "mean"] == pytest.approx(np.where(np.arange(8) % 4 == 0, draws / 2, 2 * draws).mean())


def test_riskier_and_ratio_come_from_joint_draws():
    rows = summary(crafted()).set_index("regime")
    assert rows.loc["b", "p_riskier"] == 0.75
    assert rows.loc["b", "ratio"] == 2.0
    assert rows.loc["b", "ratio_q95"] == 2.0
    assert rows.loc["b", "ratio_q05"] == 0.5


def test_the_reference_is_not_compared_with_itself():
    against = summary(crafted()).set_index("regime").loc["a", ["p_riskier", "ratio", "ratio_q05", "ratio_q95"]]
    assert against.isna().all()


def test_a_tie_is_not_riskier():
    same = draws_of(np.full((8, 2), 0.1), ("regime",), regime=["a", "b"]).rename("risk")
    assert summary(same).set_index("regime").loc["b", "p_riskier"] == 0.0


def test_no_ratio_to_a_reference_that_may_be_zero():
    draws = np.array([[0.0, 0.1], *([0.2, 0.1],) * 7])
    rows = summary(draws_of(draws, ("regime",), regime=["a", "b"]).rename("risk")).set_index("regime")
    assert np.isnan(rows.loc["b", "ratio"])
    assert rows.loc["b", "p_riskier"] == 0.125


def test_monte_carlo_error_of_independent_draws_is_that_of_a_mean():
    draws = np.random.default_rng(3).normal(size=4000)
    error = summary(draws_of(draws).rename("x"))["mcse"].item()
    assert error == pytest.approx(draws.std() / np.sqrt(4000), rel=0.15)


def test_each_label_has_its_row_and_its_own_numbers():
    fit = governed()
    rows = intervals(fit["posterior"]["catastrophe"]).set_index(["regime", "at"])
    own = fit["posterior"]["catastrophe"].sel(regime="licensing", horizon=2050)
    assert rows.loc[("licensing", "horizon=2050"), "median"] == pytest.approx(float(own.median()))
    assert len(rows) == 6 * 3


def test_layout_joins_the_labels_of_several_dims_and_names_no_regime():
    draws = draws_of(np.arange(8 * 4).reshape(8, 2, 2), ("horizon", "arm"), horizon=[1, 2], arm=["x", "y"])
    cells = laid_out(draws)
    assert cells.dims == ("chain", "draw", "regime", "at")
    assert cells["at"].values.tolist() == [
        "horizon=1; arm=x",
        "horizon=1; arm=y",
        "horizon=2; arm=x",
        "horizon=2; arm=y",
    ]
    assert cells["regime"].values.tolist() == [""]
    picked = cells.sel(at="horizon=2; arm=x").squeeze("regime").values
    np.testing.assert_array_equal(picked, draws.sel(horizon=2, arm="x").values)


def test_only_headline_outcomes_are_compared():
    assert list(headlines(governed())) == ["catastrophe", "power_concentration"]


def test_a_fit_without_headline_outcomes_is_refused():
    silent = {**CATASTROPHE, "headline": 0}
    fit = fit_of({"catastrophe": draws_of(np.full(8, 0.1)).assign_attrs(silent)})
    with pytest.raises(ModelError, match="headline=True"):
        headlines(fit)
