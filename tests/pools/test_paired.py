from __future__ import annotations

from dataclasses import fields

import numpy as np
import pandas as pd
import pytest

from blackball.errors import InputError
from blackball.pools import EventScores, QuantityScores
from blackball.pools.paired import LOWER_IS_BETTER, by_study, caution, paired


def scored(score: str, **methods: list[float]) -> pd.DataFrame:
    """One prediction a study and method; None is none."""
    return pd.DataFrame(
        [
            {"panel": f"study{number}", "method": method, score: value}
            for method, values in methods.items()
            for number, value in enumerate(values)
        ]
    )


RANDOM = np.random.default_rng(1).gamma(4, 0.1, 25)


def test_scores_are_averaged_inside_each_study():
    scores = pd.concat([scored("crps", base=[1.0, 2.0]), scored("crps", base=[3.0, 2.0], other=[np.nan, 5.0])])
    table = by_study(scores, "crps")
    assert table["base"].tolist() == [2, 2]
    assert table["other"].fillna(-1).tolist() == [-1, 5]


def test_a_study_counts_once_however_many_seeds_it_has():
    large = scored("crps", base=[1.0], other=[0.0])
    scores = pd.concat([*[large] * 50, scored("crps", base=[1.0, 1.0], other=[0.0, 3.0])])
    assert paired(scores, "crps", "base").loc["other", "difference"] == pytest.approx((-1 + 2) / 2)


def test_the_interval_of_a_constant_difference_is_that_constant():
    row = paired(scored("crps", base=RANDOM, other=RANDOM + 0.25), "crps", "base").loc["other"]
    assert row[["difference", "low", "high"]].tolist() == pytest.approx([0.25] * 3)
    assert row["mean"] == pytest.approx(RANDOM.mean() + 0.25)


def test_the_interval_of_a_constant_share_is_that_share():
    row = paired(scored("crps", base=RANDOM, other=RANDOM * 0.8), "crps", "base").loc["other"]
    assert row[["relative", "relative_low", "relative_high"]].tolist() == pytest.approx([-0.2] * 3)
    assert row["low"] < row["difference"] < row["high"] < 0


def test_the_reference_differs_from_itself_by_nothing():
    row = paired(scored("crps", base=RANDOM, other=RANDOM * 2), "crps", "base").loc["base"]
    numbers = ["difference", "low", "high", "relative", "relative_low", "relative_high", "wins"]
    assert row[numbers].tolist() == [0] * 7
    assert row["mean"] == pytest.approx(RANDOM.mean())
    assert row["studies"] == 25


@pytest.mark.parametrize(
    ("score", "wins"),
    [("brier", 2), ("crps", 2), ("pinball", 2), ("log_score", 1), ("log_density", 1), ("event_log_score", 1)],
)
def test_losses_are_won_by_the_lower_and_gains_by_the_higher(score, wins):
    """The other is lower in two studies, higher in one, and equal in one."""
    found = paired(scored(score, base=[1.0] * 4, other=[0.5, 0.5, 2.0, 1.0]), score, "base")
    assert found.loc["other", "wins"] == wins
    assert found.loc["other", "difference"] == 0


def test_losses_are_scores_of_quantities_or_events():
    names = {field.name for kind in (QuantityScores, EventScores) for field in fields(kind)}
    assert set(LOWER_IS_BETTER) < names


def test_the_interval_is_that_of_the_mean_over_studies():
    differences = np.random.default_rng(2).normal(0.1, 1, 400)
    row = paired(scored("log_score", base=np.zeros(400) - 1, other=differences - 1), "log_score", "base").loc["other"]
    half = 1.96 * differences.std() / 20
    assert [row["low"], row["high"]] == pytest.approx(
        [differences.mean() - half, differences.mean() + half], abs=half / 20
    )


def test_the_seed_decides_the_resampling():
    scores = scored("crps", base=RANDOM, other=RANDOM[::-1])
    first, again, other = (paired(scores, "crps", "base", seed=seed) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(first, again)
    assert first.loc["other", "low"] != other.loc["other", "low"]
    assert first.loc["other", "low"] == pytest.approx(other.loc["other", "low"], rel=0.1)


def test_only_studies_that_both_predicted_are_compared():
    scores = scored("crps", base=[1.0, 1.0, np.nan, 1.0], other=[2.0, np.nan, 9.0, 4.0])
    row = paired(scores, "crps", "base").loc["other"]
    assert (row["studies"], row["difference"], row["mean"]) == (2, 2, 3)


def test_a_method_that_shares_no_study_with_the_reference_is_left_out():
    scores = scored("crps", base=[1.0, np.nan], other=[np.nan, 1.0], third=[2.0, 2.0])
    assert paired(scores, "crps", "base").index.tolist() == ["base", "third"]


def test_a_reference_that_was_not_scored_is_refused_with_those_that_were():
    with pytest.raises(InputError, match=r"reference has 'oracle': no crps of this method \(valid: base, other\)"):
        paired(scored("crps", base=[1.0], other=[2.0]), "crps", "oracle")


def test_a_perfect_reference_has_no_shares():
    row = paired(scored("brier", base=[0.0, 0.0], other=[0.1, 0.3]), "brier", "base").loc["other"]
    assert np.isnan(row[["relative", "relative_low", "relative_high"]].to_numpy(dtype=float)).all()
    assert row["difference"] == pytest.approx(0.2)


def test_one_study_has_an_interval_of_no_width():
    row = paired(scored("crps", base=[1.0], other=[1.5]), "crps", "base").loc["other"]
    assert row[["difference", "low", "high", "relative"]].tolist() == [0.5] * 4


def test_few_studies_are_marked_and_cautioned_of():
    few, enough = (paired(scored("crps", base=RANDOM[:n], other=RANDOM[:n] + 1), "crps", "base") for n in (4, 5))
    assert few["few"].all()
    assert not enough["few"].any()
    assert caution([enough, few]).startswith("Only 4 studies to compare methods by")
    assert caution([enough]) == ""
    alone = paired(scored("crps", base=[1.0], other=[1.5]), "crps", "base")
    assert caution([alone]).startswith("Only one study")
