import numpy as np
import pytest
import xarray as xr

from blackball.decisions.headlines import headlines
from blackball.decisions.leaning import illustrative_inputs, illustrative_priors, leaning

from ..synthetic import CATASTROPHE, draws_of, encoded_of, fit_of, governed, regimes_of


def leans_of(cells, illustrative=None):
    risk = draws_of(np.full((8, 2, 2), 0.1), ("regime", "horizon"), regime=["a", "b"], horizon=[2030, 2050])
    fit = fit_of(
        {"risk": risk.assign_attrs(CATASTROPHE)},
        regimes=regimes_of(["a", "b"], illustrative or {}),
        encoded=encoded_of(cells),
    )
    table = leaning(fit, headlines(fit))
    return table.set_index(["regime", "at"])


def cell(regime, at="horizon=2030", **more):
    return {"judged": f"{regime} {at} {more}", "variable": "risk", "at": at, "regime": regime, **more}


def test_answers_are_counted_where_they_judge():
    row = leans_of([cell("a", illustrative=["ben"]), cell("a", reference="b")]).loc[("a", "horizon=2030")]
    assert (row["published"], row["illustrative"]) == (3, 1)
    assert row["share"] == 0.25


def test_a_published_judgement_carries_a_result_in_spite_of_illustrative_parameters():
    table = leans_of([cell("b")], {"b": "pace"})
    assert not table.loc[("b", "horizon=2030"), "leans"]
    assert table.loc[("b", "horizon=2050"), "leans"]


def test_an_illustrative_judgement_makes_a_result_lean():
    table = leans_of([cell("a", illustrative=["ben"])])
    assert table.loc[("a", "horizon=2030"), "leans"]
    assert not table.loc[("b", "horizon=2030"), "leans"]
    assert np.isnan(table.loc[("b", "horizon=2030"), "share"])


def test_parameters_are_named():
    table = leans_of([], {"b": "pace, breach"})
    assert table.loc[("b", "horizon=2050"), "parameters"] == "pace, breach"
    assert table.loc[("a", "horizon=2050"), "parameters"] == ""


@pytest.mark.parametrize("other", [{"given": "crux"}, {"realisation": 0.4}, {"variable": "breach"}])
def test_other_things_judged_do_not_count(other):
    assert (leans_of([{**cell("a"), **other}])["published"] == 0).all()


def test_labels_match_however_they_are_spaced():
    assert leans_of([cell("a", at=" horizon = 2050")]).loc[("a", "horizon=2050"), "published"] == 2


def test_rows_stand_as_those_of_the_outcomes():
    fit = governed()
    table = leaning(fit, headlines(fit))
    assert len(table) == 6 * 3 + 6
    assert table["outcome"].iloc[-1] == "power_concentration"
    assert table["regime"].iloc[:4].tolist() == ["status_quo"] * 3 + ["open_race"]


def test_illustrative_judgements_of_inputs_are_named():
    fit = governed()
    assert illustrative_inputs(fit, headlines(fit)) == ("breach",)


def test_illustrative_priors_are_named() -> None:
    attrs = {"kind": "quantity", "source": "Illustrative: a wide interval"}
    cited = {"kind": "quantity", "source": "somebody (2024)"}
    draws = ("chain", "draw"), np.zeros((1, 2))
    other = {"kind": "outcome", "source": ""}
    posterior = xr.Dataset({"a": (*draws, attrs), "b": (*draws, cited), "c": (*draws, other)})
    fit = xr.DataTree.from_dict({"posterior": posterior})
    assert illustrative_priors(fit) == ("a",)


def test_all_results_lean_where_the_whole_panel_is_illustrative():
    elsewhere = {"variable": "breach", "illustrative": ["ann", "ben"]}
    assert leans_of([{**cell("a"), **elsewhere}])["leans"].all()
    assert not leans_of([{**cell("a"), **elsewhere, "illustrative": ["ben"]}])["leans"].any()
