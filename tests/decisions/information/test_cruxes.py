"""The value of a crux to one person, on made forecasts and on those of the adversarial collaboration of FRI (2024)."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from blackball.decisions.information import crux_values, evppi
from blackball.errors import InputError


def test_the_value_is_how_far_the_probability_is_expected_to_move():
    table = crux_values([0.1], [0.25], [0.3])
    other = (0.1 - 0.25 * 0.3) / 0.75
    assert table["implied"][0] == pytest.approx(other)
    assert table["value"][0] == pytest.approx(0.25 * 0.2 + 0.75 * (0.1 - other))
    assert table["status"][0] == "coherent"


def test_what_contradicts_itself_or_was_not_said_is_reported():
    table = crux_values([0.1, 0.1, 0.1, np.nan, 0.9], [0.5, 1.0, 0.2, 0.5, 0.5], [0.4, 0.1, np.nan, 0.1, 0.7])
    assert table["status"].tolist() == ["incoherent", "undefined", "undefined", "undefined", "incoherent"]
    assert table["value"].isna().all()
    assert table["implied"][[0, 4]].tolist() == pytest.approx([-0.2, 1.1])


def test_rounding_of_floats_is_no_contradiction():
    stated = np.array([0.1, 0.3, 0.07])
    assert (crux_values(3 * stated / 10, [0.3] * 3, stated)["status"] == "coherent").all()
    assert crux_values([0.03 - 1e-9], [0.3], [0.1])["status"][0] == "incoherent"


def test_it_is_twice_the_value_in_a_bet_at_the_persons_own_odds():
    """Stake U against P(U): before the crux is known the bet is worth nothing."""
    rng = np.random.default_rng(1)
    outcome, crux, given = 0.2, 0.3, 0.5
    table = crux_values([outcome], [crux], [given])
    true = rng.random(40000) < crux
    happens = rng.random(40000) < np.where(true, given, table["implied"][0])
    loss = np.stack([np.zeros(40000), outcome - happens], axis=-1).reshape(4, -1, 2)
    found = evppi(
        xr.DataArray(loss, dims=("chain", "draw", "regime")), xr.DataArray(true.reshape(4, -1), dims=("chain", "draw"))
    )
    assert abs(found.gain - table["value"][0] / 2) < 4 * found.gain_mcse
    assert abs(found.gain - table["value"][0]) > 20 * found.gain_mcse


@pytest.fixture(scope="module")
def forecasts(shared_data):
    stated = pd.read_csv(shared_data / "fri-adversarial" / "FORECASTS.csv")
    return stated.join(crux_values(stated["PU"], stated["Pc"], stated["PUc"]))


def test_published_forecasts_that_contradict_themselves_are_reported(forecasts):
    assert forecasts["person"].nunique() == 22
    assert forecasts["ID"].nunique() == 37
    odd = forecasts[forecasts["status"] == "incoherent"]
    assert odd.groupby("person").size().to_dict() == {"Claire": 4, "James": 2}
    assert (odd["implied"] < 0).all()
    silent = forecasts[forecasts["status"] == "undefined"]
    assert silent[["Pc", "PUc"]].isna().any(axis=1).all()
    assert len(forecasts) == len(odd) + len(silent) + forecasts["value"].notna().sum() == 651


def test_each_persons_ranking_of_cruxes_is_that_of_the_definition(forecasts):
    """The two terms of the definition are equal, which makes another computation of it."""
    both = forecasts[forecasts["status"] == "coherent"].assign(
        definition=lambda row: 2 * row["Pc"] * (row["PUc"] - row["PU"]).abs(),
        ignoring=lambda row: (row["PUc"] - row["PU"]).abs(),
    )
    assert both["value"].to_numpy() == pytest.approx(both["definition"].to_numpy(), rel=1e-6, abs=1e-15)
    disagree = 0
    for _, own in both.groupby("person"):
        # Values that are equal but for rounding are one rank.
        ranks = own[["value", "definition", "ignoring"]].apply(lambda column: column.round(12).rank())
        assert ranks["value"].tolist() == ranks["definition"].tolist()
        disagree += ranks["value"].tolist() != ranks["ignoring"].tolist()
    assert disagree == 22  # how likely the crux is matters


def test_columns_that_do_not_match_are_refused():
    with pytest.raises(InputError, match="one length: P\\(U\\) has 2, P\\(c\\) has 1"):
        crux_values([0.1, 0.2], [0.1], [0.1])


def test_every_number_that_is_no_probability_is_told():
    with pytest.raises(InputError) as caught:
        crux_values([0.1, 1.2], [-0.1, 0.5], [0.1, 0.1])
    told = [(problem.row, problem.column, problem.value) for problem in caught.value.problems]
    assert told == [(2, "P(U)", 1.2), (1, "P(c)", -0.1)]
