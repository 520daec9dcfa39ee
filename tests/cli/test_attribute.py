"""`blackball attribute` prints and writes what mechanisms add."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from blackball.cli.removals import parse_removals
from blackball.decisions.attributed import COLUMNS, attributed
from blackball.errors import InputError


def added(fit: xr.DataTree, removed: dict[str, dict[str, float]]) -> xr.Dataset:
    """Let the first mechanism add a half of all by Shapley value and three quarters by removal, others nothing."""
    share = xr.DataArray([0.5, 0.75], dims="measure", coords={"measure": ["shapley", "removal"]})
    first = xr.DataArray([1.0] + [0.0] * (len(removed) - 1), dims="mechanism", coords={"mechanism": list(removed)})
    found = fit["posterior"].dataset[["catastrophe", "power_concentration"]] * share * first
    return found.assign(power_concentration=0 * found["power_concentration"])


def test_mechanisms_are_told_and_written(command, study, monkeypatch, tmp_path):
    monkeypatch.setattr("blackball.api.attribute", added)
    ended = command("attribute", study, "--remove", "theft:stolen=0", "--remove", "race:hurry=0", "--out", "added.csv")
    assert ended.code == 0
    assert "What adds to P(catastrophe) by 2100 in percentage points" in ended.out
    assert "None of them adds to P(power concentration)." in ended.out
    assert "0 (0)" in ended.out
    written = pd.read_csv(tmp_path / "added.csv")
    assert written.columns.tolist() == [*COLUMNS, "model", "verdict"]
    rows = written[(written["outcome"] == "catastrophe") & (written["mechanism"] == "theft")]
    means = rows.pivot_table(index=["regime", "at"], columns="measure", values="mean")
    np.testing.assert_allclose(means["removal"], 1.5 * means["shapley"])
    assert (written.loc[written["mechanism"] == "race", "mean"] == 0).all()


def test_each_mechanism_measure_and_result_has_a_row():
    from tests.synthetic import governed

    fit = governed()
    found = attributed(added(fit, {"theft": {}, "race": {}})).set_index(COLUMNS[:5])
    assert len(found) == 2 * 2 * (6 * 3 + 6)
    known = fit["posterior"]["catastrophe"].sel(regime="licensing", horizon=2050)
    place = ("catastrophe", "licensing", "horizon=2050", "theft", "shapley")
    assert found.loc[place, "mean"] == pytest.approx(0.5 * float(known.mean()))


def test_what_is_removed_is_read_all_at_once():
    assert parse_removals(["racing: corners_cut=0, hurry = 0", "theft:stolen=0.5"]) == {
        "racing": {"corners_cut": 0.0, "hurry": 0.0},
        "theft": {"stolen": 0.5},
    }
    with pytest.raises(InputError) as caught:
        parse_removals(["theft:stolen=0", "theft:breach=0", ":x=0", "race:", "race:=1"])
    assert len(caught.value.problems) == 4
