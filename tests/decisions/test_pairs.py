import numpy as np
import pytest

from blackball.decisions.pairs import pairs

from ..synthetic import draws_of, governed


def crafted():
    draws = np.array([[0.1, 0.2, 0.3], [0.2, 0.1, 0.3], [0.2, 0.1, 0.0], [0.1, 0.1, 0.4]])
    return draws_of(draws, ("regime",), regime=["a", "b", "c"]).rename("risk")


def test_each_pair_once_in_the_models_order():
    table = pairs(crafted())
    assert list(zip(table["a"], table["b"], strict=True)) == [("a", "b"), ("a", "c"), ("b", "c")]


def test_difference_is_taken_draw_by_draw():
    row = pairs(crafted()).iloc[0]
    assert row["difference"] == pytest.approx(0.025)  # mean of -0.1, 0.1, 0.1, 0
    assert row["difference_q05"] == pytest.approx(-0.085)  # 0.05 * 3 of the way from -0.1 to 0
    assert row["difference_q95"] == pytest.approx(0.1)


def test_riskier_and_safer_leave_out_ties():
    row = pairs(crafted()).iloc[0]
    assert (row["p_riskier"], row["p_safer"]) == (0.5, 0.25)


def test_ratio_is_the_median_of_ratios_and_undefined_over_zero():
    table = pairs(crafted()).set_index(["a", "b"])
    assert table.loc[("a", "b"), "ratio"] == pytest.approx(1.5)  # of 0.5, 2, 2, 1
    assert np.isnan(table.loc[("a", "c"), "ratio"])


def test_labels_go_with_their_numbers():
    draws = governed()["posterior"]["catastrophe"]
    table = pairs(draws).set_index(["a", "b", "at"])
    at = draws.sel(horizon=2050)
    expected = float((at.sel(regime="licensing") - at.sel(regime="moratorium")).mean())
    assert table.loc[("licensing", "moratorium", "horizon=2050"), "difference"] == pytest.approx(expected)
    assert len(table) == 15 * 3


@pytest.mark.parametrize("draws", [draws_of(np.full(8, 0.1)), crafted().isel(regime=[0])])
def test_no_pairs_with_fewer_than_two_regimes(draws):
    assert len(pairs(draws.rename("risk"))) == 0
