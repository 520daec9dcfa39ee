"""The schedule of seats, and who may undo it, decide whether a warning that warrants a halt ends in one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pymc as pm
import pytest
import xarray as xr
from scipy import stats

from blackball.errors import InputError, ModelError
from blackball.inference.derive import derived
from blackball.inference.engine import compile_model
from blackball.inference.prior import prior_draws
from blackball.inference.what_if import what_if
from blackball.panel import read_panel
from blackball.regimes import read_regimes
from blackball.risk_model import load_model
from blackball.shipped import shipped

REGIMES = shipped("data") / "lab-trust.toml"
YEARS = [2023, 2024, 2026, 2030]
BLOCS = ["trust", "founders", "grant_maker", "investors"]
ROUNDING = 1e-12
PUBLISHED = "seats_trust = { schedule = { 2023 = 0, 2024 = 1, 2026 = 3 }"
KEY = r"regime\.trust\.sets\.seats_trust\.schedule"


def built(regimes: Path) -> pm.Model:
    return load_model("lab-trust").build(read_panel(shipped("data") / "lab-trust"), read_regimes(regimes))


@pytest.fixture(scope="module")
def model() -> pm.Model:
    return built(REGIMES)


@pytest.fixture(scope="module")
def draws(model: pm.Model) -> xr.Dataset:
    return prior_draws(model, 500, seed=1)


@pytest.fixture(scope="module")
def prior(model: pm.Model, draws: xr.Dataset) -> xr.Dataset:
    return derived(model, draws)


@pytest.fixture(scope="module")
def seats(model: pm.Model) -> xr.DataArray:
    """Directors in office, dims bloc, regime and year."""
    held = np.stack([model[f"seats_{bloc}"].get_value() for bloc in BLOCS])
    coords = {"bloc": BLOCS, "regime": list(model.coords["regime"]), "year": YEARS}
    return xr.DataArray(held, dims=("bloc", "regime", "year"), coords=coords)


def test_halting_is_reported_for_each_constitution_and_year(model: pm.Model, prior: xr.Dataset) -> None:
    outcomes = {v.name: v for v in model.deterministics if getattr(v.tag, "outcome", None)}
    assert {name: v.type.dims for name, v in outcomes.items()} == dict.fromkeys(
        ["board_votes", "halts", "no_halt"], ("regime", "year")
    )
    assert [name for name, v in outcomes.items() if v.tag.outcome.headline] == ["no_halt"]
    assert model.coords["regime"][0] == "trust"
    assert list(model.coords["year"]) == YEARS
    assert not any(bool(prior[name].isnull().any()) for name in prior)
    assert bool((prior["halts"] >= 0).all())
    assert np.allclose(prior["no_halt"], 1 - prior["halts"])


def test_the_sampler_needs_no_slow_compilation(model: pm.Model) -> None:
    assert compile_model(model).name == "flat"


def test_the_seats_are_those_that_are_published(seats: xr.DataArray) -> None:
    assert seats.sel(regime="trust", bloc="trust").values.tolist() == [0, 1, 3, 3]
    assert seats.sel(regime="trust", year=2023).values.tolist() == [0, 2, 1, 1]
    assert not seats.sel(regime="no_trust", bloc="trust").any()
    # Four directors are in office at first, and all five ever after.
    assert (seats.sum("bloc") == xr.DataArray([4, 5, 5, 5], dims="year")).all()


def test_the_schedule_enters_by_year(model: pm.Model, draws: xr.Dataset, prior: xr.Dataset) -> None:
    found = what_if(model, draws, {"rules_change": 0.0, "agreement": 0.0})["halts"]
    others = prior["stands"].sel(bloc=["founders", "grant_maker", "investors"]).max("bloc")
    firmer = (prior["stands"].sel(bloc="trust") > others).values
    assert 0.3 < firmer.mean() < 1
    by_year = found.sel(regime="trust").values[firmer]
    assert (np.diff(by_year[:, :3], axis=1) > 0).all()
    assert (by_year[:, 2] == by_year[:, 3]).all()
    # Without a trust the board of 2030 is that of 2024. And where rules are changed, 2030 falls behind 2026.
    without = found.sel(regime="no_trust")
    assert (without.sel(year=2030) == without.sel(year=2024)).all()
    halts = prior["halts"].sel(regime="trust")
    assert bool((halts.sel(year=2030) < halts.sel(year=2026)).all())


def test_three_picks_that_stand_together_decide_alone(model: pm.Model, draws: xr.Dataset, prior: xr.Dataset) -> None:
    calm = {"fear": 0.0, "rules_change": 0.0, "delay": 0.0}
    together = what_if(model, draws, {**calm, "agreement": 1.0}).sel(regime="trust")
    stands = prior["stands"].sel(bloc="trust").values
    for name in ("board_votes", "halts"):
        for year in (2026, 2030):
            assert np.allclose(together[name].sel(year=year), stands, atol=ROUNDING)
    # One pick of five does not decide alone, nor do three that each vote for themselves.
    assert not np.allclose(together["board_votes"].sel(year=2024), stands, atol=0.01)
    apart = what_if(model, draws, {**calm, "agreement": 0.0}).sel(regime="trust", year=2030)
    assert not np.allclose(apart["board_votes"], stands, atol=0.01)


def test_agreement_helps_where_directors_fold_and_costs_where_they_stand(model: pm.Model, draws: xr.Dataset) -> None:
    def votes(stands: float, agreement: float) -> float:
        set_to = {"fear": 0.0, "stands": stands, "agreement": agreement}
        return float(what_if(model, draws, set_to)["board_votes"].sel(regime="trust", year=2030).mean())

    assert votes(0.3, 0.9) > votes(0.3, 0.0)
    assert votes(0.8, 0.9) < votes(0.8, 0.0)


@pytest.mark.parametrize("stands", [0.0, 0.3, 0.8, 1.0])
def test_independent_votes_give_the_binomial_tail(
    model: pm.Model, draws: xr.Dataset, seats: xr.DataArray, stands: float
) -> None:
    found = what_if(model, draws, {"fear": 0.0, "agreement": 0.0, "stands": stands})["board_votes"]
    members = seats.sum("bloc").values
    tail = stats.binom.sf(members // 2, members, stands)
    assert np.allclose(found, tail, atol=ROUNDING)


def test_a_regulator_and_a_clause_never_lower_the_chance_of_a_halt(prior: xr.Dataset) -> None:
    halts = prior["halts"]
    pairs = [("merge", "trust"), ("regulator", "trust"), ("both", "merge"), ("both", "regulator")]
    for more, fewer in pairs:
        assert bool((halts.sel(regime=more) >= halts.sel(regime=fewer) - ROUNDING).all()), more
    # The regulator starts in 2026, and the clause holds from the start.
    started = halts.sel(regime="regulator") > halts.sel(regime="trust")
    assert started.all(("chain", "draw")).values.tolist() == [False, False, True, True]
    assert bool((halts.sel(regime="merge") > halts.sel(regime="trust")).all())


def test_a_clause_bears_on_halting_through_the_race_alone(model: pm.Model, draws: xr.Dataset) -> None:
    fearless = what_if(model, draws, {"fear": 0.0})["halts"]
    assert np.allclose(fearless.sel(regime="merge"), fearless.sel(regime="trust"), atol=ROUNDING)
    sure = {"believed": 1.0, "value_aligned": 1.0, "comes_close": 1.0}
    calm = what_if(model, draws, sure)["halts"]
    assert np.allclose(calm.sel(regime="merge"), fearless.sel(regime="trust"), atol=ROUNDING)
    unbelieved = what_if(model, draws, {"believed": 0.0})["halts"]
    assert np.allclose(unbelieved.sel(regime="merge"), unbelieved.sel(regime="trust"), atol=ROUNDING)


def test_who_may_change_the_rules_orders_the_trusts(model: pm.Model, draws: xr.Dataset, prior: xr.Dataset) -> None:
    ordered = prior["halts"].sel(regime=["changeable", "trust", "entrenched"])
    assert bool((ordered.diff("regime").sel(year=YEARS[1:]) > 0).all())
    assert np.allclose(ordered.diff("regime").sel(year=2023), 0)
    sure = what_if(model, draws, {"rules_change": 1.0})["halts"].sel(year=YEARS[1:])
    assert float(sure.sel(regime=["trust", "no_trust", "changeable", "merge"]).max()) == 0
    assert float(sure.sel(regime="entrenched").min()) > 0


def test_a_simulated_lab_halts_as_often(model: pm.Model, draws: xr.Dataset) -> None:
    set_to = {"fear": 0.0, "stands": 0.6, "agreement": 0.4, "rules_change": 0.06, "delay": 2.0, "window": 5.0}
    found = what_if(model, draws, {**set_to, "regulator_halts": 0.3})["halts"].isel(chain=0, draw=0)
    rng = np.random.default_rng(5)
    labs = 100_000
    inclined = rng.beta(0.6 * 0.6 / 0.4, 0.4 * 0.6 / 0.4, size=labs)[:, None]
    votes = (rng.random((labs, 3)) < inclined).sum(1) + (rng.random((labs, 2)) < 0.6).sum(1)
    in_time = rng.exponential(5.0, size=labs) > 2.0

    def error(regime: str, bodies: int, regulator: float) -> float:
        kept = ~(rng.random((labs, 7, bodies)) < 0.06).any((1, 2))
        halted = ((votes >= 3) & kept & in_time) | (rng.random(labs) < regulator)
        return float(halted.mean() - found.sel(regime=regime, year=2030)) / (halted.std() / np.sqrt(labs))

    assert abs(error("trust", 1, 0.0)) < 4
    assert abs(error("changeable", 3, 0.0)) < 4
    assert abs(error("regulator", 1, 0.3)) < 4
    # Negative control: another constitution is told apart.
    assert abs(error("trust", 2, 0.0)) > 10


@pytest.mark.parametrize(
    ("schedule", "error", "match"),
    [
        ("2024 = 1, 2023 = 0, 2026 = 3", InputError, rf"{KEY}: the years of a schedule go forwards"),
        ("2023 = 0, 2024 = -1, 2026 = 3", InputError, rf"{KEY}\.2024 has -1.*: must be a whole number, at least 0"),
        ("2023 = 0, 2024 = 0.5, 2026 = 3", InputError, rf"{KEY}\.2024 has 0\.5: must be a whole number"),
        ("2024 = 1, 2026 = 3", InputError, rf"{KEY} has 2024: begins after 2023"),
        ("2023 = 0, 2024 = 1, 2026 = 300", ModelError, r"seats is 302 \(regime trust, year 2026\) in all.*\[1, 100\]"),
    ],
)
def test_impossible_seats_are_refused_where_they_stand(
    tmp_path: Path, schedule: str, error: type[Exception], match: str
) -> None:
    text = REGIMES.read_text(encoding="utf-8")
    assert PUBLISHED in text
    copy = tmp_path / "mine.toml"
    copy.write_text(text.replace(PUBLISHED, f"seats_trust = {{ schedule = {{ {schedule} }}"), encoding="utf-8")
    with pytest.raises(error, match=match):
        built(copy)
