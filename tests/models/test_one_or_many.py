"""Claims of the whole model of one project or many, on prior draws: nothing is sampled."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pymc as pm
import pytest
import xarray as xr

from blackball.errors import InputError, ModelError
from blackball.inference.derive import derived
from blackball.inference.engine import compile_model
from blackball.inference.prior import prior_draws
from blackball.inference.what_if import intervention, what_if
from blackball.panel import read_panel
from blackball.regimes import Regimes, read_regimes
from blackball.regimes.read import parse_regimes
from blackball.risk_model import load_model
from blackball.shipped import shipped
from tests.conftest import make_panel_in, quantiles

MODEL = load_model("one-or-many")
PANEL = read_panel(shipped("data") / "western-projects")
REGIMES = shipped("data") / "regimes.toml"
DRAWS = ("chain", "draw")
BY_REGIME = {"halted", "released", "power_concentration"}
BY_HORIZON = {"stolen", "rash_release", "catastrophe", "extinction"}
OUTCOMES = sorted(BY_REGIME | BY_HORIZON)


@pytest.fixture(scope="module")
def model() -> pm.Model:
    return MODEL.build(PANEL, read_regimes(REGIMES))


@pytest.fixture(scope="module")
def draws(model: pm.Model) -> xr.Dataset:
    return prior_draws(model, 500, seed=1)


@pytest.fixture(scope="module")
def prior(model: pm.Model, draws: xr.Dataset) -> xr.Dataset:
    return derived(model, draws)


def changed(*changes: tuple[str, str]) -> Regimes:
    """Return the shipped regimes with the first occurrence of each text replaced."""
    text = REGIMES.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return parse_regimes(text, "mine.toml")


def assert_probabilities(found: xr.Dataset) -> None:
    for name in OUTCOMES:
        assert not bool(found[name].isnull().any()), name
        assert bool(((found[name] >= 0) & (found[name] <= 1)).all()), name


def test_the_outcomes_are_those_documented(model: pm.Model) -> None:
    outcomes = {v.name: v.tag.outcome.headline for v in model.deterministics if hasattr(v.tag, "outcome")}
    assert {name for name, headline in outcomes.items() if headline} == {"catastrophe", "power_concentration"}
    assert sorted(outcomes) == OUTCOMES
    for name in OUTCOMES:
        assert model[name].type.dims == (("regime", "horizon") if name in BY_HORIZON else ("regime",)), name
    assert list(model.coords["horizon"]) == [2030, 2050, 2100]
    assert len(model.coords["rival"]) == 7  # the open race has eight projects


def test_outcomes_are_probabilities_and_later_horizons_are_no_safer(prior: xr.Dataset) -> None:
    assert_probabilities(prior)
    assert bool((prior["extinction"] <= prior["catastrophe"]).all())
    for name in BY_HORIZON:
        assert bool((prior[name].diff("horizon") >= -1e-12).all()), name
        assert float(prior[name].diff("horizon").mean()) > 1e-3, name


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("offence_advantage", (-8.0, -2.0, 0.0, 3.0)),
        ("halted", (1.0, 0.8, 0.3, 0.0)),
        ("regulator_halts", (1.0, 0.5, 0.1, 0.0)),
        ("corners_cut", (1e-6, 0.3, 1.0, 4.0)),
    ],
)
def test_catastrophe_is_never_less_likely(
    model: pm.Model, draws: xr.Dataset, name: str, values: tuple[float, ...]
) -> None:
    """More offence advantage, less halting and more corners cut never lower it."""
    change = intervention(model, [name])
    for less, more in pairwise(change(draws, {name: value})["catastrophe"] for value in values):
        assert bool((more >= less - 1e-12).all())
        assert float((more - less).mean()) > 1e-3


def test_without_a_release_a_theft_or_a_rash_project_nothing_happens(model: pm.Model, draws: xr.Dataset) -> None:
    routes = ["released", "stolen", "rash_release"]
    change = intervention(model, routes)
    assert float(abs(change(draws, dict.fromkeys(routes, 0.0))["catastrophe"]).max()) == 0
    # Any one of the three suffices.
    for route in routes:
        alone = change(draws, dict.fromkeys(routes, 0.0) | {route: 0.5})["catastrophe"]
        assert float(alone.sel(horizon=2100).mean()) > 0.01, route


def test_no_offence_advantage_at_all_is_no_catastrophe(model: pm.Model, draws: xr.Dataset) -> None:
    assert float(what_if(model, draws, {"offence_advantage": -1000.0})["catastrophe"].max()) == 0


def test_one_project_concentrates_more_power_than_many(model: pm.Model, draws: xr.Dataset, prior: xr.Dataset) -> None:
    middle = prior["power_concentration"].median(DRAWS)
    for many in ("status_quo", "open_race", "licensing"):
        assert float(middle.sel(regime="one_project")) > float(middle.sel(regime=many)) + 0.02, many
    # By the number of projects alone, in every draw; the joint project, checked by several states, is another matter.
    change = intervention(model, ["projects"])
    for fewer, more in pairwise(change(draws, {"projects": n})["power_concentration"] for n in (1.0, 2.0, 4.0, 8.0)):
        assert bool((fewer > more).all())


def test_outcomes_stay_probabilities_under_extreme_regimes() -> None:
    regimes = changed(
        ("projects = { to = 5,", "projects = { to = 1000,"),
        ("seats_trust = { to = 1,", "seats_trust = { to = 5,"),
        ("seats_founders = { to = 2,", "seats_founders = { to = 0,"),
        ("seats_investors = { to = 2,", "seats_investors = { to = 0,"),
        # The open race and the one project, and so the way between them: one project, and a board of founders alone.
        ("projects = { to = 8,", "projects = { to = 1,"),
        ("seats_investors = { to = 2,", "seats_investors = { to = 0,"),
        ("seats_investors = { to = 2,", "seats_investors = { to = 0,"),
        ("idle_years = { to = 20,", "idle_years = { to = 100,"),
    )
    model = MODEL.build(PANEL, regimes)
    assert regimes.setting("seats_investors").sel(regime=["status_quo", "open_race"]).values.tolist() == [0, 0]
    assert len(model.coords["rival"]) == 999
    found = derived(model, prior_draws(model, 200, seed=1))
    assert_probabilities(found)
    late = found["catastrophe"].sel(horizon=2050).mean(DRAWS)
    assert float(late.sel(regime="status_quo")) > float(late.sel(regime="open_race"))
    # Nothing is drawn in a hundred idle years but what the rounding leaves.
    assert float(late.sel(regime="moratorium")) < 1e-6


def test_a_model_of_one_project_alone_has_no_rivals() -> None:
    """Without any rival there is no pressure, so that what is cut under it does not matter."""
    text = REGIMES.read_text(encoding="utf-8")
    regimes = parse_regimes(
        "\n".join("projects = { to = 1, source = 's' }" if line.startswith("projects =") else line
                  for line in text.splitlines()),
        "mine.toml",
    )  # fmt: skip
    model = MODEL.build(PANEL, regimes)
    assert len(model.coords["rival"]) == 0
    draws = prior_draws(model, 50, seed=1)
    assert_probabilities(derived(model, draws))
    change = intervention(model, ["corners_cut"])
    low, high = (change(draws, {"corners_cut": value})["catastrophe"] for value in (0.1, 3.0))
    assert np.allclose(low, high)


@pytest.mark.parametrize("number", ["0", "0.99", "1000.5", "1e12"])
def test_a_number_of_projects_that_the_model_cannot_count_is_refused(number: str) -> None:
    """Refused where it stands, before anything is made of that size."""
    regimes = changed(("projects = { to = 5,", f"projects = {{ to = {number},"))
    with pytest.raises(InputError, match=r"regime\.status_quo\.sets\.projects\.to has .*: must lie in \[1, 1000\]"):
        MODEL.build(PANEL, regimes)


def test_a_reference_that_does_not_say_how_many_projects_there_are_is_refused() -> None:
    regimes = changed(("projects = { to = 5,", "companies = { to = 5,"))
    with pytest.raises(ModelError, match=r"mine\.toml: the model needs the number `projects`, which the reference"):
        MODEL.build(PANEL, regimes)


def test_a_single_judged_cell_needs_no_other_compiler(tmp_path):
    said = [{**row, "regime": "status_quo"} for row in quantiles("ann", "risk", [0.01, 0.05, 0.2])]
    asked = [{"question": "risk", "variable": "catastrophe", "at": "horizon=2100", "support": "probability"}]
    panel = make_panel_in(tmp_path, said, asked, ["ann"])
    engine = compile_model(MODEL.build(panel, read_regimes(REGIMES)))
    assert (engine.name, engine.reason) == ("flat", None)
