"""Without an expert: new data of the same model, the posterior of the smaller panel, and who is out of line."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy import stats

from blackball.decisions.influence import Influence, influence
from blackball.errors import SetupError
from blackball.inference import Refits, Settings, leave_out, prepare, sample
from blackball.inference.answers import split_t_cdf
from blackball.inference.derive import log_densities
from blackball.inference.fewer import fewer, nothing
from blackball.inference.leave_out import ILLUSTRATIVE, files_of
from blackball.inference.parallel import threads
from blackball.inference.prior import prior_draws
from blackball.inference.recipe import Recipe
from blackball.inference.refitter import Refitter
from blackball.panel import Panel
from blackball.risk_model import load_model
from tests.conftest import make_panel_in, quantiles
from tests.inference.mcse import mcse

SETTINGS = Settings(seed=3, draws=1000, tune=400)
ASKED = [
    {"question": "misaligned", "support": "probability"},
    {"question": "shared_fate", "support": "probability"},
    {"question": "any_misaligned", "support": "probability", "at": "draws=10"},
    {"question": "seed", "support": "real", "realisation": 1.2},
    {"question": "happened", "support": "probability", "realisation": 1},
]


def panel_with_seeds(folder) -> Panel:
    """Return a panel in which `cat` alone judges `shared_fate`, and states points, and seeds."""
    rows = [
        row
        for expert, shift in (("ann", 0.6), ("ben", 1.0))
        for question, values in (("misaligned", (0.02, 0.06, 0.2)), ("any_misaligned", (0.1, 0.3, 0.5)))
        for row in quantiles(expert, question, [value * shift for value in values])
    ]
    rows += quantiles("ann", "seed", [-1, 1, 3]) + quantiles("ben", "seed", [0, 2, 4])
    rows += [{"expert": "ben", "question": "happened", "form": "point", "value": 0.7}]
    rows += quantiles("cat", "misaligned", [0.1, 0.2, 0.3]) + quantiles("cat", "shared_fate", [0.2, 0.5, 0.8])
    rows += [
        {"expert": "cat", "question": "seed", "form": "point", "value": 5},
        {"expert": "cat", "question": "happened", "form": "point", "value": 0.1},
    ]
    return make_panel_in(folder, rows, ASKED, [("ann", "one"), ("ben", "one"), ("cat", "two")])


def likelihood(model, draws: xr.Dataset, data=None) -> xr.Dataset:
    for name, array in (data or {}).items():
        model[name].set_value(array.values)
    return log_densities(model, draws)[0]


@pytest.mark.parametrize("experts", ["mixture", "consensus"])
def test_a_left_out_expert_is_the_panel_without_their_rows_cell_by_cell(tmp_path, experts):
    risk, panel = load_model("urn"), panel_with_seeds(tmp_path)
    rows = panel.judgements
    smaller = risk.build(replace(panel, judgements=rows[rows["expert"] != "cat"]), None, experts)
    model = risk.build(panel, None, experts)
    data = fewer(model, smaller)
    assert data is not None
    draws = prior_draws(model, 40, 5)
    whole = likelihood(model, draws)
    without = likelihood(model, draws, data)
    here = smaller.coords["judged"]
    kept = {rv.name: draws[rv.name] for rv in smaller.free_RVs}
    theirs = likelihood(
        smaller, xr.Dataset({k: v.sel(judged=list(here)) if "judged" in v.dims else v for k, v in kept.items()})
    )
    gone = [name for name in model.coords["judged"] if name not in here]
    assert gone == ["shared_fate"]
    assert (without["judgements"].sel(judged=gone) == 0).all()
    alike = without["judgements"].sel(judged=list(here))
    np.testing.assert_allclose(alike.values, theirs["judgements"].values, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(without["happened"].values, theirs["happened"].values, rtol=1e-9)
    # The control: with the answers of all, it is another likelihood.
    assert not np.allclose(whole["judgements"].sel(judged=list(here)).values, theirs["judgements"].values)
    assert not np.allclose(whole["happened"].values, theirs["happened"].values)


@pytest.mark.parametrize("experts", ["mixture", "consensus"])
def test_nobody_says_nothing(tmp_path, experts):
    model = load_model("urn").build(panel_with_seeds(tmp_path), None, experts)
    silent = likelihood(model, prior_draws(model, 20, 5), nothing(model))
    assert all((silent[name] == 0).all() for name in silent)


def test_without_any_seed_data_alone_do_not_do(tmp_path):
    risk, panel = load_model("urn"), panel_with_seeds(tmp_path)
    rows = panel.judgements
    unseeded = replace(panel, judgements=rows[~rows["question"].isin(["seed", "happened"])])
    assert fewer(risk.build(panel, None, "mixture"), risk.build(unseeded, None, "mixture")) is None


@pytest.fixture(scope="module")
def panel(tmp_path_factory) -> Panel:
    """Return a panel in which `odd` alone says that some draw of ten is misaligned, and `mad`'s number is made up."""
    rows = [
        row
        for expert, shift in (("ann", 0.9), ("ben", 1.0), ("cat", 1.1))
        for row in quantiles(expert, "misaligned", [value * shift for value in (0.03, 0.06, 0.12)])
    ]
    rows += quantiles("odd", "any_misaligned", [0.6, 0.75, 0.85])
    rows += quantiles("mad", "shared_fate", [0.93, 0.95, 0.97], source="illustrative: made for a test")
    names = ["ann", "ben", "cat", "odd", "mad", "silent"]
    return make_panel_in(tmp_path_factory.mktemp("influence"), rows, ASKED, names)


@pytest.fixture(scope="module")
def found(panel) -> tuple[xr.DataTree, Refits, Influence]:
    fit = sample(prepare(load_model("urn"), panel), SETTINGS)
    told: list[tuple[str, int, int]] = []
    refits = leave_out(fit, workers=threads(2), progress=lambda *step: told.append(step))
    assert [step for step in told if step[0] == "leave out"][-1] == ("leave out", 6, 6)
    return fit, refits, influence(fit, refits)


def test_a_refit_is_the_posterior_of_the_smaller_panel(panel, found):
    fit, refits, _ = found
    rows = panel.judgements
    for refit in refits.refits:
        if refit.left_out not in ("odd", ILLUSTRATIVE):
            continue
        gone = rows["illustrative"] if refit.left_out == ILLUSTRATIVE else rows["expert"] == refit.left_out
        fresh = sample(prepare(load_model("urn"), replace(panel, judgements=rows[~gone])), SETTINGS)
        for draws in (6, 10):
            ours, theirs, whole = (
                one["any_misaligned"].sel(draws=draws)
                for one in (refit.outcomes, fresh["posterior"].dataset, fit["posterior"].dataset)
            )
            error = np.hypot(mcse(ours), mcse(theirs))
            assert abs(float(ours.mean() - theirs.mean())) < 4 * error
            # The control: what is left out matters by far more than that error.
            assert abs(float(ours.mean() - whole.mean())) > 6 * error


def test_refits_that_were_kept_are_not_made_again(found, tmp_path, monkeypatch):
    fit, refits, _ = found
    kept = leave_out(fit, workers=threads(1), folder=tmp_path / "kept")
    files = sorted((tmp_path / "kept").iterdir())
    assert len(files) == len(refits.refits)
    files[0].unlink()  # as if it had been stopped there
    made: list[str] = []
    whole = Refitter.refit
    monkeypatch.setattr(Refitter, "refit", lambda self, name, *rest: made.append(name) or whole(self, name, *rest))
    again = leave_out(fit, workers=threads(1), folder=tmp_path / "kept")
    assert len(made) == 1
    for one, two in zip(kept.refits, again.refits, strict=True):
        assert (one.left_out, one.rows, one.failed) == (two.left_out, two.rows, two.failed)
        xr.testing.assert_equal(one.outcomes, two.outcomes)
        xr.testing.assert_equal(one.pit, two.pit)
    files[1].write_bytes(b"no refit")
    with pytest.raises(SetupError, match=r"nc: is damaged .* delete it, and it is computed again"):
        leave_out(fit, workers=threads(1), folder=tmp_path / "kept")


def test_names_that_look_alike_are_kept_apart(panel, tmp_path):
    names = dict(zip(panel.experts["expert"], "éü", strict=False))
    renamed = replace(
        panel,
        experts=panel.experts.replace({"expert": names}),
        judgements=panel.judgements.replace({"expert": names}),
    )
    recipe = Recipe("urn", "", "", renamed, None, "mixture", SETTINGS)
    assert len(set(files_of(recipe, tmp_path).values())) == len(files_of(recipe, tmp_path)) > 2


def test_who_matters_is_named(found):
    _, _, result = found
    assert result.refits["left_out"].tolist() == ["ann", "ben", "cat", "odd", "mad", ILLUSTRATIVE]
    assert (result.refits["failed"] == "").all()
    assert result.refits.set_index("left_out").loc["odd", "rows"] == 3
    moved = result.moves[result.moves["at"] == "draws=10"].set_index("left_out")
    assert moved["shift_sd"].abs().drop(["mad", ILLUSTRATIVE]).idxmax() == "odd"
    assert moved.loc["odd", "shift"] < 0
    expected = 100 * (moved["mean_without"] - moved["mean"]) / moved["mean"]
    pd.testing.assert_series_equal(moved["shift_percent"], expected, check_names=False)
    assert (moved["mcse_sd"] < 0.1).all()
    assert result.experts.set_index("expert")["illustrative"].to_dict() == dict.fromkeys(
        ("ann", "ben", "cat", "odd"), 0
    ) | {"mad": 1}
    assert not moved["leans"].any()  # `odd` publishes what it is
    assert moved.loc["mad", "shift"] == pytest.approx(moved.loc[ILLUSTRATIVE, "shift"])


def test_who_is_out_of_line_is_surprising_only_without_their_own_answers(found):
    _, _, result = found
    answers = result.answers.set_index("expert")
    assert answers.index.tolist() == ["ann", "ben", "cat", "odd", "mad"]
    assert answers.loc["odd", "pit"] > answers.loc["odd", "pit_in_sample"]
    assert answers["pit"].loc["ann":"cat"].between(0.05, 0.95).all()
    assert answers.loc["odd", "pit"] > 0.95
    assert result.experts.set_index("expert").loc["odd", "p_uniform"] < 0.1
    assert answers["illustrative"].tolist() == [False] * 4 + [True]


def test_priors_that_hardly_allow_an_answer_are_named(found):
    fit, refits, result = found
    answers = result.answers.set_index("expert")
    assert not answers.loc["ann":"cat", "against_prior"].any()
    # Priors that end far below what `odd` says: the same answer among lower ones.
    shifted = influence(fit, replace(refits, prior=refits.prior.where(refits.prior["expert"] != "odd", 0.999)))
    assert shifted.answers.set_index("expert")["against_prior"].sum() == answers["against_prior"].sum() + 1
    prior = fit["prior"]["misaligned"].values.ravel()
    below = (prior < 0.06).mean()
    assert answers.loc["ben", "pit_prior"] == pytest.approx(below, abs=0.15)


def test_a_split_t_is_distributed_as_its_density_says():
    centre, below, above, degrees = (xr.DataArray(value) for value in (0.4, 0.7, 2.0, 3.5))
    grid = np.linspace(-60, 90, 300_001)
    scale = np.where(grid < 0.4, 0.7, 2.0)
    density = 2 / (0.7 + 2.0) * stats.t.pdf((grid - 0.4) / scale, 3.5)
    mass = np.cumsum(density) * (grid[1] - grid[0])
    points = np.searchsorted(grid, [-2.0, 0.4, 1.0, 5.0])
    ours = split_t_cdf(xr.DataArray(grid[points], dims="x"), centre, below, above, degrees)
    assert ours.values == pytest.approx(mass[points], abs=2e-4)
    mirrored = split_t_cdf(xr.DataArray(grid[points], dims="x"), centre, above, below, degrees)
    assert abs(mirrored.values - mass[points]).max() > 0.1
