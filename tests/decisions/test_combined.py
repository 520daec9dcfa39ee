import numpy as np
import pytest

from blackball.decisions.combined import combined
from blackball.decisions.headlines import headlines
from blackball.errors import InputError

from ..synthetic import draws_of, governed

TWO = {
    "early": draws_of(np.arange(16).reshape(8, 2) / 16, ("horizon",), horizon=[2030, 2050]),
    "whole": draws_of(np.linspace(1, 0, 8)),
}


def test_an_outcome_without_a_horizon_counts_at_each():
    table = combined(TWO, {"early": 2, "whole": 0.5}).set_index("at")
    assert table.loc["horizon=2030", "mean"] == pytest.approx(2 * 7 / 16 + 0.5 * 0.5)
    assert table.loc["horizon=2050", "mean"] == pytest.approx(2 * 8 / 16 + 0.5 * 0.5)


def test_the_interval_is_that_of_the_sum_not_a_sum_of_intervals():
    opposite = {"up": draws_of(np.linspace(0, 1, 8)), "down": draws_of(np.linspace(1, 0, 8))}
    row = combined(opposite, {"up": 1, "down": 1}).iloc[0]
    assert (row["q05"], row["q95"]) == pytest.approx((1.0, 1.0))


def test_one_row_for_each_regime_and_horizon():
    outcomes = headlines(governed())
    table = combined(outcomes, {"catastrophe": 1, "power_concentration": 0.5})
    assert len(table) == 6 * 3
    at = outcomes["catastrophe"].sel(regime="licensing", horizon=2050)
    expected = float((at + 0.5 * outcomes["power_concentration"].sel(regime="licensing")).mean())
    row = table.set_index(["regime", "at"]).loc[("licensing", "horizon=2050")]
    assert row["mean"] == pytest.approx(expected)


@pytest.mark.parametrize("weight", [-1.0, np.nan, np.inf])
def test_a_weight_must_be_finite_and_not_negative(weight):
    with pytest.raises(InputError, match=r"early.*at least 0"):
        combined(TWO, {"early": weight})


def test_an_unknown_name_is_answered_with_the_valid_ones():
    with pytest.raises(InputError, match="valid: early, whole") as caught:
        combined(TWO, {"erly": 1, "whole": -2})
    assert [problem.column for problem in caught.value.problems] == ["erly", "whole"]


def test_no_weights_at_all_are_refused():
    with pytest.raises(InputError, match="at least one outcome"):
        combined(TWO, {})
