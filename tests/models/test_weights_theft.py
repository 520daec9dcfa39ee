"""Each of several projects is safer than one would be, and yet some one of them is stolen from more often."""

from __future__ import annotations

from math import log

import numpy as np
import pymc as pm
import pytest
import xarray as xr

from blackball.errors import InputError
from blackball.inference.derive import derived
from blackball.inference.engine import compile_model
from blackball.inference.prior import prior_draws
from blackball.inference.settings import Settings
from blackball.inference.what_if import what_if
from blackball.panel import read_panel
from blackball.regimes import read_regimes
from blackball.regimes.read import parse_regimes
from blackball.risk_model import load_model
from blackball.shipped import shipped

MODEL = load_model("weights-theft")
PANEL = read_panel(shipped("data") / "weights-theft")
REGIMES = shipped("data") / "weights-theft.toml"
PROJECTS = {"one": 1, "three": 3, "ten": 10, "one_large": 1}
DRAWS = ("chain", "draw")
PART = """
[regime.{name}]
title = "{name}"
summary = "Part of a project beside whole ones"
jurisdiction = "leading Western jurisdictions"
start = 2027
duration = "until weights of dangerous capability are outdated"
held_fixed = "as in the regime of three projects"
{rest}
"""
ILLUSTRATION = {"breach": 0.5, "dilution": 0.5, "spread": 0.0, "prize": 0.0}


@pytest.fixture(scope="module")
def model() -> pm.Model:
    return MODEL.build(PANEL, read_regimes(REGIMES))


@pytest.fixture(scope="module")
def draws(model: pm.Model) -> xr.Dataset:
    return prior_draws(model, 500, seed=1)


@pytest.fixture(scope="module")
def prior(model: pm.Model, draws: xr.Dataset) -> xr.Dataset:
    return derived(model, draws)


def test_each_and_any_are_reported_for_every_regime(model: pm.Model, prior: xr.Dataset) -> None:
    outcomes = {v.name: v.tag.outcome.headline for v in model.deterministics if getattr(v.tag, "outcome", None)}
    assert outcomes == {"stolen": True, "each_breached": True, "stolen_at_best": False}
    assert all(model[name].type.dims == ("regime",) for name in outcomes)
    assert prior["stolen"]["regime"].values.tolist() == list(PROJECTS)
    assert model["projects"].get_value().tolist() == list(PROJECTS.values())


def test_any_is_at_least_each_and_at_most_the_sum(prior: xr.Dataset) -> None:
    assert not any(bool(prior[name].isnull().any()) for name in prior)
    number = xr.DataArray(list(PROJECTS.values()), dims="regime", coords={"regime": list(PROJECTS)})
    each, stolen, best = (prior[name] for name in ("each_breached", "stolen", "stolen_at_best"))
    assert bool(((each >= 0) & (best <= 1)).all())
    assert bool((stolen >= each - 1e-12).all())
    assert bool((stolen <= number * each + 1e-12).all())
    # No thief does better than the best, and alone there is nothing to choose.
    assert bool((best >= stolen - 1e-12).all())
    for alone in ("one", "one_large"):
        assert np.allclose(stolen.sel(regime=alone), each.sel(regime=alone))
        assert np.allclose(stolen.sel(regime=alone), best.sel(regime=alone))


def test_the_illustration_is_reproduced(model: pm.Model, draws: xr.Dataset) -> None:
    found = what_if(model, draws, ILLUSTRATION)
    three = found.sel(regime="three")
    # Equal projects: whoever the thief is, effort is even.
    assert np.allclose(found["stolen"].sel(regime="one"), 0.5)
    assert np.allclose(three["each_breached"], 0.330, atol=5e-4)
    assert np.allclose(three["stolen"], 0.699, atol=5e-4)
    assert np.allclose(three["stolen_at_best"], 0.699, atol=5e-4)
    undiluted = what_if(model, draws, ILLUSTRATION | {"dilution": 0.0}).sel(regime="three")
    assert np.allclose(undiluted["stolen"], 0.875)
    assert np.allclose(undiluted["each_breached"], 0.5)
    # At the other end splitting costs no safety.
    assert np.allclose(what_if(model, draws, ILLUSTRATION | {"dilution": 1.0})["stolen"], 0.5)


def test_for_equal_projects_each_is_safer_and_any_less_safe_the_more_there_are(
    model: pm.Model, draws: xr.Dataset
) -> None:
    for dilution in (0.05, 0.5, 0.95):
        found = what_if(model, draws, ILLUSTRATION | {"dilution": dilution})
        one, three, ten = (found.sel(regime=name) for name in ("one", "three", "ten"))
        assert bool((one["stolen"] < three["stolen"]).all() and (three["stolen"] < ten["stolen"]).all())
        assert bool((one["each_breached"] > three["each_breached"]).all())
        assert bool((three["each_breached"] > ten["each_breached"]).all())


def test_differences_in_security_raise_what_many_projects_lose(model: pm.Model) -> None:
    many = prior_draws(model, 20_000, seed=3)
    even = {"breach": 1 - np.exp(-0.4 * 3**0.5), "dilution": 0.5, "adaptivity": 0.0}  # median hazard .4 at a third
    for spread, oracle in ((0.0, 0.699), (1.0, 0.767), (2.0, 0.818)):
        stolen = what_if(model, many, even | {"spread": spread})["stolen"].sel(regime="three")
        error = float(stolen.std()) / np.sqrt(stolen.size)
        assert abs(float(stolen.mean()) - oracle) < 5e-4 + 4 * error
    # And a thief who can tell the weak from the strong makes more of them.
    able = what_if(model, many, even | {"spread": 1.0, "adaptivity": 2.0})
    blind = what_if(model, many, even | {"spread": 1.0})
    assert bool((able["stolen"] >= blind["stolen"] - 1e-12).all())
    assert float((able["stolen"] - blind["stolen"]).sel(regime="ten").mean()) > 0.02
    assert np.allclose(able["stolen"], able["stolen_at_best"])  # 1 / (1 - .5)


def test_the_breaches_of_a_simulated_thief_agree(model: pm.Model, draws: xr.Dataset) -> None:
    one, rng, runs = draws.isel(draw=[3]), np.random.default_rng(7), 200_000
    fixed = {"breach": 0.2, "dilution": 0.6, "adaptivity": 1.3, "spread": 0.8, "prize": 0.0}
    value = what_if(model, one, fixed).sel(regime="ten")
    hazard = -log(1 - 0.2) * np.exp(0.8 * derived(model, one)["security"].values.ravel())

    def simulated(adaptivity: float, dilution: float) -> np.ndarray:
        share = hazard**adaptivity / (hazard**adaptivity).sum()
        return rng.exponential(1 / (hazard * share**dilution), size=(runs, 10)) < 1

    fell = simulated(1.3, 0.6)
    for name, found in (("stolen", fell.any(1)), ("each_breached", fell.mean(1))):
        assert abs(value[name].item() - found.mean()) < 4 * found.std() / np.sqrt(runs), name
    # Negative controls: a thief who splits evenly, and effort that dilutes a little less, are told apart.
    for wrong in (simulated(0.0, 0.6), simulated(1.3, 0.5)):
        assert abs(value["each_breached"].item() - wrong.mean()) > 20 * wrong.mean(1).std() / np.sqrt(runs)


def test_a_large_project_is_safer_or_not_by_what_its_size_draws(model: pm.Model, draws: xr.Dataset) -> None:
    stolen = [what_if(model, draws, ILLUSTRATION | {"prize": prize})["stolen"] for prize in (0.0, 0.3, 1.0)]
    large, one = ([found.sel(regime=name) for found in stolen] for name in ("one_large", "one"))
    # Ten times the hazard if all of it grows with size; what is of size 1 does not care.
    for value, prize in zip(large, (0.0, 0.3, 1.0), strict=True):
        assert np.allclose(value, 1 - 0.5 ** (1 + 9 * prize))
    assert all(np.allclose(value, 0.5) for value in one)


def test_the_posterior_covers_the_illustration_and_says_how_unsure_it_is(model: pm.Model) -> None:
    compiled = compile_model(model)
    assert compiled.name == "flat"
    fit = compiled.sample(Settings(draws=300, tune=500, chains=4, seed=1, target_accept=0.9))
    found = derived(model, fit["posterior"].dataset)[["stolen", "each_breached"]]
    low, middle, high = (found.quantile(level, DRAWS) for level in (0.05, 0.5, 0.95))
    for name, regime, said in (
        ("each_breached", "one", 0.5),
        ("each_breached", "three", 0.33),
        ("stolen", "three", 0.7),
    ):
        cell = {"regime": regime}
        assert float(low[name].sel(cell)) < said - 0.1
        assert float(high[name].sel(cell)) > said + 0.1
        assert float(middle[name].sel(cell)) == pytest.approx(said, abs=0.05), (name, regime)
    # Many are less safe than one with near certainty; whether one large project is, the judgements do not say.
    riskier = (found["stolen"] > found["stolen"].sel(regime="one")).mean(DRAWS)
    assert float(riskier.sel(regime="three")) > 0.9
    assert float(riskier.sel(regime="ten")) > 0.9
    assert 0.1 < float(riskier.sel(regime="one_large")) < 0.5


@pytest.mark.parametrize("number", [0, 11])
def test_more_projects_than_the_model_counts_are_refused(number: int) -> None:
    text = REGIMES.read_text(encoding="utf-8").replace(
        '{ to = 10, source = "illustrative: many', f'{{ to = {number}, source = "illustrative: many'
    )
    with pytest.raises(
        InputError, match=rf"regime\.ten\.sets\.projects\.to has {float(number)}: must lie in \[1, 10\]"
    ):
        MODEL.build(PANEL, parse_regimes(text, "mine.toml"))


def test_part_of_a_project_is_as_safe_as_a_whole_one_and_counts_for_less() -> None:
    halfway = PART.format(name="halfway", rest='between = ["one", "three"]\nstrictness = 0.5')
    little = PART.format(name="little", rest='[regime.little.sets]\nprojects = { to = 1.3, source = "illustrative" }')
    regimes = parse_regimes(REGIMES.read_text(encoding="utf-8") + halfway + little, "mine.toml")
    model = MODEL.build(PANEL, regimes)
    assert regimes.setting("projects").sel(regime=["halfway", "little"]).values.tolist() == pytest.approx([3**0.5, 1.3])
    draws = prior_draws(model, 500, seed=1)
    found = derived(model, draws)
    each, stolen = found["each_breached"], found["stolen"]
    assert bool(((each >= 0) & (stolen <= 1)).all())
    assert bool((each <= stolen + 1e-12).all())
    # The independent count: the second project, of which there is a part, draws that part of the effort.
    drawn = found.sel(regime="little").isel(chain=0)
    hazard = -np.log1p(-drawn["breach"]) * np.exp(drawn["spread"] * drawn["security"])
    present = xr.DataArray([1.0, 0.3], dims="project")
    hazard = hazard.isel(project=slice(2)).drop_vars("project")
    keen = hazard ** drawn["adaptivity"]
    falls = 1 - np.exp(-hazard * np.minimum(keen / (present * keen).sum("project"), 1.0) ** drawn["dilution"])
    assert np.allclose((present * falls).sum("project") / 1.3, drawn["each_breached"])
    # Equal projects at d = 0 are each breached as often as one alone, however much of them there is.
    undiluted = what_if(model, draws, ILLUSTRATION | {"dilution": 0.0})
    assert np.allclose(undiluted["each_breached"], 0.5)


@pytest.mark.parametrize("size", ["1e18", "1_000_001"])
def test_a_size_beyond_what_the_hazard_can_take_is_refused(size: str) -> None:
    text = REGIMES.read_text(encoding="utf-8").replace("size = { to = 10,", f"size = {{ to = {size},")
    with pytest.raises(InputError, match=r"regime\.one_large\.sets\.size\.to has .*: must lie in \[0, 1e\+06\]"):
        MODEL.build(PANEL, parse_regimes(text, "mine.toml"))
