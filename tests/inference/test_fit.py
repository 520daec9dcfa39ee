"""One real fit of the smallest model: what it holds, that it can be repeated and doubted."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from blackball.errors import InputError
from blackball.inference import Prepared, Settings, diagnose, prepare, sample
from blackball.panel import fingerprint, panel_of_fit, read_panel, revise
from blackball.risk_model import load_model
from blackball.store.study import Study
from tests.conftest import JUDGEMENTS, ROOT, table
from tests.inference.mcse import mcse

SETTINGS = Settings(seed=4, draws=1000)
NEW = [
    {
        "expert": "illustrative",
        "question": "any_misaligned_10",
        "round": 2,
        "form": "quantile",
        "level": level,
        "value": value,
        "source": "illustrative: a change of mind, for a test",
    }
    for level, value in ((0.05, 0.02), (0.5, 0.05), (0.95, 0.12))
]


@pytest.fixture(scope="module")
def prepared() -> Prepared:
    return prepare(load_model("urn"), read_panel(ROOT / "data" / "urn"))


@pytest.fixture(scope="module")
def fitted(prepared: Prepared) -> xr.DataTree:
    return sample(prepared, SETTINGS)


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    file = tmp_path / "new.csv"
    file.write_text(table(JUDGEMENTS, NEW))
    return file


def test_a_fit_says_what_it_is(fitted: xr.DataTree) -> None:
    groups = {
        "posterior",
        "prior",
        "sample_stats",
        "log_likelihood",
        "log_prior",
        "observed_data",
        "constant_data",
    }
    assert groups | {"panel", "encoded", "coherence", "diagnosis"} <= set(fitted.children)
    assert fitted["posterior"]["any_misaligned"].dims == ("chain", "draw", "draws")
    assert fitted["posterior"]["any_misaligned"].attrs["headline"] == 1
    assert fitted["posterior"]["misaligned"].attrs["prior"] == "0.005 to 0.35"
    assert json.loads(fitted.attrs["settings"])["seed"] == 4
    assert set(json.loads(fitted.attrs["versions"])) >= {"blackball", "pymc", "nutpie"}
    assert fingerprint(panel_of_fit(fitted)) == fitted.attrs["panel_hash"]
    assert fitted.attrs["verdict"] == "trusted"


def test_the_same_seed_gives_the_same_posterior_to_the_bit(prepared: Prepared, fitted: xr.DataTree) -> None:
    again = sample(prepared, SETTINGS)
    assert again["posterior"].dataset.equals(fitted["posterior"].dataset)
    other = sample(prepared, Settings(seed=5, draws=1000))
    assert not other["posterior"].dataset.equals(fitted["posterior"].dataset)


def test_log_densities_add_up_to_what_the_sampler_saw(fitted: xr.DataTree) -> None:
    inside = [
        values.sum([dim for dim in values.dims if dim not in ("chain", "draw")])
        for group in ("log_likelihood", "log_prior")
        for values in fitted[group].dataset.data_vars.values()
    ]
    # No free variable is transformed, so that the sampler's density, of the unconstrained values, has no Jacobian more.
    gap = sum(inside) - fitted["sample_stats"]["logp"]
    assert float(np.abs(gap - gap.mean()).max()) < 1e-8


def test_new_data_of_the_same_shape_need_no_compiler(prepared: Prepared, fitted: xr.DataTree, newer: Path) -> None:
    panel = revise(panel_of_fit(fitted), newer).applied()
    again = prepared.with_panel(panel)
    quick = sample(again, SETTINGS)["posterior"]["any_misaligned"].sel(draws=10)
    fresh = sample(prepare(prepared.risk, panel), SETTINGS)["posterior"]["any_misaligned"].sel(draws=10)
    assert abs(float(quick.mean() - fresh.mean())) < 4 * np.hypot(mcse(quick), mcse(fresh))
    old = fitted["posterior"]["any_misaligned"].sel(draws=10)
    assert float(old.mean() - quick.mean()) > 20 * np.hypot(mcse(quick), mcse(old))


def test_a_fit_survives_the_disk(tmp_path: Path, fitted: xr.DataTree) -> None:
    Study(tmp_path).write(fitted)
    read = Study(tmp_path).read()
    assert read["posterior"].dataset.equals(fitted["posterior"].dataset)
    assert fingerprint(panel_of_fit(read)) == fingerprint(panel_of_fit(fitted))
    assert diagnose(read).verdict == diagnose(fitted).verdict


def test_a_sample_too_short_is_not_trusted(prepared: Prepared) -> None:
    short = sample(prepared, Settings(seed=4, draws=25, tune=20))
    assert short.attrs["verdict"] == "failed"
    failed = short["diagnosis"].dataset
    failed = failed.isel(check=failed["status"].values == "fail")
    assert "bulk ESS" in " ".join(failed["name"].values)
    assert all(failed["advice"].values)


@pytest.mark.parametrize(("name", "value"), [("draws", 0), ("chains", 0), ("seed", -1), ("target_accept", 1.0)])
def test_settings_out_of_range_are_refused(name: str, value: float) -> None:
    with pytest.raises(InputError, match=name):
        Settings(**{name: value})


def test_a_panel_that_judges_other_values_is_compiled_anew(prepared: Prepared) -> None:
    panel = prepared.panel
    questions = panel.questions.assign(at=panel.questions["at"].replace("draws=10", "draws=6"))
    assert prepared.with_panel(panel).engine.model is not None
    moved = prepared.with_panel(replace(panel, questions=questions))
    found = sample(moved, SETTINGS)["posterior"]["any_misaligned"].sel(draws=6)
    stale = sample(prepared, SETTINGS)["posterior"]["any_misaligned"].sel(draws=6)
    assert float(found.mean() - stale.mean()) > 10 * np.hypot(mcse(found), mcse(stale))


def test_one_fingerprint_for_one_posterior(prepared: Prepared, fitted: xr.DataTree) -> None:
    assert sample(prepared, SETTINGS).attrs["fingerprint"] == fitted.attrs["fingerprint"]
    assert sample(prepared, Settings(seed=9, draws=25)).attrs["fingerprint"] != fitted.attrs["fingerprint"]


@pytest.mark.parametrize(("chains", "draws"), [(1, 1000), (2, 25)])
def test_a_check_that_cannot_be_made_fails_and_keeps_the_draws(prepared: Prepared, chains: int, draws: int) -> None:
    short = sample(prepared, Settings(seed=4, draws=draws, chains=chains, tune=100))
    assert short["posterior"].sizes["draw"] == draws
    assert short.attrs["verdict"] == "failed"


def test_draws_that_are_no_number_fail_the_fit(fitted: xr.DataTree) -> None:
    broken = fitted.copy(deep=True)
    values = broken["posterior"]["any_misaligned"].values
    values[0, :9] = np.nan
    assert diagnose(broken).verdict == "failed"


def test_a_made_conflict_is_seen_and_an_ordinary_fit_has_none(prepared: Prepared, fitted: xr.DataTree) -> None:
    def alarms(fit: xr.DataTree) -> list[str]:
        return [check.advice for check in diagnose(fit).checks if "surprise the priors" in check.name and check.advice]

    rows = prepared.panel.judgements
    sure = rows["number"].where(rows["expert"] != "urn_comment", 0.99)
    against = sample(prepared.with_panel(replace(prepared.panel, judgements=rows.assign(number=sure))), SETTINGS)
    assert alarms(fitted) == []
    assert len(alarms(against)) == 1
    assert "urn_comment said 99 %; the priors alone say about" in alarms(against)[0]


def test_consensus_is_fitted_although_not_everybody_answers() -> None:
    fit = sample(prepare(load_model("urn"), read_panel(ROOT / "data" / "urn"), experts="consensus"), SETTINGS)
    assert np.isfinite(fit["diagnosis"]["value"].values).all()
    assert "bias" in fit["posterior"]
