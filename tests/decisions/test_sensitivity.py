"""The tables of a sensitivity analysis on draws whose relations are known."""

import numpy as np
import pytest

from blackball.decisions import sensitivity
from blackball.errors import InputError

from ..driven import COUNT, driven, moved

RESULT = ["outcome", "regime", "at"]


FIT = driven()
FOUND = sensitivity(FIT, moved(FIT))


def test_shares_are_those_of_the_sum():
    rows = FOUND.shares[FOUND.shares["outcome"] == "catastrophe"].set_index([*RESULT, "quantity", "label"])
    for regime in ("many", "one"):
        for at in ("horizon=2030", "horizon=2050"):
            of = rows.loc["catastrophe", regime, at]
            assert of.index.tolist()[0] == ("pace", "")
            for place, share in ((("pace", ""), 4 / 6), (("fate", "bloc=a"), 1 / 6), (("fate", "bloc=b"), 1 / 6)):
                for measure in ("first_order", "shapley"):
                    assert abs(of.loc[place, measure] - share) < 4 * of.loc[place, f"{measure}_mcse"] + 0.01
            assert (
                of.loc[("fate", "bloc=b"), "rank_correlation"]
                < -0.3
                < 0.3
                < of.loc[("fate", "bloc=a"), "rank_correlation"]
            )
            assert abs(of.loc[("noise", ""), "rank_correlation"]) < 4 / np.sqrt(COUNT)
    left = FOUND.unexplained.set_index(RESULT)["unexplained"]
    sums = rows["shapley"].groupby(RESULT).sum()
    np.testing.assert_allclose(sums + left[sums.index], 1)
    assert left.loc["catastrophe"].max() < 0.01


def test_errors_are_those_of_independent_draws():
    """Of a quantity without relation the rank correlation has the standard error 1 / sqrt(n - 1)."""
    rows = FOUND.shares[(FOUND.shares["quantity"] == "noise") & (FOUND.shares["outcome"] == "catastrophe")]
    stated = np.sqrt((rows.drop_duplicates("regime")["rank_correlation_mcse"] ** 2).mean())
    assert stated == pytest.approx(1 / np.sqrt(COUNT - 1), rel=0.8)


def test_a_result_that_does_not_vary_depends_on_nothing():
    rows = FOUND.shares[FOUND.shares["outcome"] == "power"]
    assert len(rows) == 8
    assert rows[["rank_correlation", "first_order", "shapley"]].isna().all(axis=None)


def test_swings_stand_by_result_the_widest_first():
    rows = FOUND.tornado[(FOUND.tornado["regime"] == "one") & (FOUND.tornado["at"] == "horizon=2050")]
    assert rows["quantity"].tolist() == ["pace", "fate"]
    assert rows["label"].tolist() == ["", "bloc=a"]
    assert rows[["low", "base", "high"]].iloc[0].tolist() == [-1.6, 0, 1.6]
    assert (rows["at_high"] - rows["at_low"]).tolist() == pytest.approx([6.4, 3.2])
    assert len(FOUND.tornado) == 2 * 6


def test_illustrative_priors_and_leaning_results_are_marked():
    assert FOUND.illustrative_priors == ("noise",)
    assert set(FOUND.shares.loc[FOUND.shares["illustrative"], "quantity"]) == {"noise"}
    assert set(FOUND.leans.loc[FOUND.leans["leans"], "regime"]) == {"one"}


def test_only_what_is_chosen_is_analysed():
    found = sensitivity(FIT, moved(FIT), outcomes=["catastrophe"], regimes=["one"])
    for table in (found.shares, found.unexplained, found.tornado, found.leans):
        assert set(zip(table["outcome"], table["regime"], strict=True)) == {("catastrophe", "one")}
    whole = FOUND.shares[(FOUND.shares["outcome"] == "catastrophe") & (FOUND.shares["regime"] == "one")]
    np.testing.assert_allclose(found.shares["first_order"], whole["first_order"])


def test_a_wrong_name_is_answered_with_the_valid_ones():
    with pytest.raises(InputError) as caught:
        sensitivity(FIT, moved(FIT), outcomes=["catastrofe"], regimes=["none"])
    assert str(caught.value).splitlines() == [
        "sensitivity, outcome has 'catastrofe': unknown outcome; did you mean 'catastrophe'?; "
        "valid names: catastrophe, power",
        "sensitivity, regime has 'none': unknown regime; did you mean 'one'?; valid names: many, one",
    ]


def test_the_text_names_the_strongest():
    assert "pace" in str(FOUND)
    assert "largest Shapley share" in str(FOUND)
