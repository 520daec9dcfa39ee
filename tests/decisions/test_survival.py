import numpy as np
import pytest

from blackball.decisions import compare
from blackball.decisions.headlines import headlines
from blackball.decisions.survival import COLUMNS, survival

from ..synthetic import CATASTROPHE, HORIZONS, draws_of, fit_of, governed, urn


def test_survival_is_what_no_catastrophe_has_ended():
    fit = governed()
    found = survival(headlines(fit))
    assert len(found) == 6 * 3
    assert set(found["outcome"]) == {"catastrophe"}
    rows = found[found["regime"] == "licensing"]
    assert rows["horizon"].tolist() == HORIZONS
    risk = fit["posterior"]["catastrophe"].sel(regime="licensing")
    for year, row in zip(HORIZONS, rows.to_dict("records"), strict=True):
        alive = 1 - risk.sel(horizon=year).values
        assert row["mean"] == pytest.approx(alive.mean())
        assert [row["q05"], row["q95"]] == pytest.approx(np.quantile(alive, (0.05, 0.95)))
    assert rows["median"].is_monotonic_decreasing
    assert compare(fit).survival.equals(found)


def test_what_is_no_chance_by_a_horizon_has_no_survival():
    """Neither other labels, nor other units, nor chances of single years, which may fall."""
    risk = np.random.default_rng(1).uniform(0.1, 0.2, size=(1000, 3)) * np.array([1.0, 2.0, 1.5])
    falling = draws_of(risk, ("horizon",), horizon=HORIZONS).assign_attrs(CATASTROPHE)
    rising = falling.copy(data=np.sort(falling.values))
    assert len(survival({"risk": rising.rename("risk")})) == 3
    cases = [
        falling,
        rising.assign_attrs(unit="deaths"),
        rising.rename(horizon="year"),
        rising.assign_coords(horizon=list("abc")),
    ]
    for case in cases:
        assert survival({"risk": case.rename("risk")}).columns.tolist() == COLUMNS
        assert survival({"risk": case.rename("risk")}).empty
    assert compare(urn()).survival.empty


def test_without_regimes_and_with_other_labels_each_has_its_curve():
    risk = np.sort(np.random.default_rng(2).uniform(0, 0.3, size=(1000, 2, 3)))
    made = draws_of(risk, ("source", "horizon"), source=["a", "b"], horizon=HORIZONS).assign_attrs(CATASTROPHE)
    found = compare(fit_of({"risk": made})).survival
    assert found["at"].tolist() == ["source=a"] * 3 + ["source=b"] * 3
    assert found["horizon"].tolist() == HORIZONS * 2
