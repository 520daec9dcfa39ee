"""A panel of many: experts integrated out say what sampled ones say, in arrays that fit in memory."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import arviz as az
import numpy as np
import pytest
import xarray as xr

from blackball.inference import Settings
from blackball.inference.derive import log_densities
from blackball.inference.fewer import fewer
from blackball.inference.panels.learn import learn, prepare_panel
from blackball.inference.prior import prior_draws
from blackball.modelling.panel_model import panel_model
from blackball.panel import Panel
from blackball.risk_model import load_model
from tests.conftest import make_panel_in, quantiles

EXPERTS = 60
CONSENSUS = sys.modules["blackball.modelling.experts.consensus"]


def panel_of(folder: Path, shift: float = 0.0) -> Panel:
    """Simulate a panel in two camps and alone, of which one question is open; `shift` moves every tenth expert."""
    rng = np.random.default_rng(4)
    folder.mkdir()
    asked = [{"question": f"q{q}", "support": "real", "realisation": rng.normal() if q else ""} for q in range(6)]
    bias, skill = 0.3 * rng.normal(size=EXPERTS), np.exp(0.3 * rng.normal(size=EXPERTS))
    bias[::10] += shift
    rows = []
    for number, question in enumerate(asked):
        centre = float(question["realisation"] or 0.5) + 0.5 * rng.standard_t(3)
        for expert in np.flatnonzero(rng.random(EXPERTS) < 0.7):
            said = centre + bias[expert] + 0.7 * skill[expert] * rng.standard_t(4)
            rows += quantiles(f"e{expert}", f"q{number}", [said + z for z in (-1.0, 0.0, 1.0)])
    camps = ["a", "b", ""]
    return make_panel_in(folder, rows, asked, [(f"e{e}", camps[e % 3]) for e in range(EXPERTS)])


def said_of(panel: Panel, seed: int) -> xr.Dataset:
    """Return draws of where the answers to each question lie, and of the parameters."""
    draws = learn(prepare_panel(panel, "consensus"), settings=Settings(seed=seed, target_accept=0.9))
    centre = draws["location"].squeeze("component", drop=True).rename("centre")
    return xr.Dataset({"centre": centre, "parameters": draws["recalibration"], "bias": draws["bias"]})


def standard_errors(first: xr.Dataset, second: xr.Dataset, names: list[str]) -> float:
    """Return the greatest difference of means in Monte Carlo standard errors."""
    errors = [az.mcse(one[names], method="mean") for one in (first, second)]
    gap = abs(first[names].mean(("chain", "draw")) - second[names].mean(("chain", "draw")))
    return max(float((gap[n] / np.hypot(errors[0][n], errors[1][n])).max()) for n in names)


def test_integrated_and_sampled_experts_have_one_posterior(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    panel = panel_of(tmp_path / "panel")
    sampled = said_of(panel, 1)
    monkeypatch.setattr(CONSENSUS, "MANY", EXPERTS)
    integrated = said_of(panel, 2)
    assert standard_errors(sampled, integrated, ["centre", "parameters"]) < 4
    assert float(abs(sampled["bias"].mean(("chain", "draw")) - integrated["bias"].mean(("chain", "draw"))).max()) < 0.05
    # The negative control: six experts who say something else are noticed.
    assert standard_errors(sampled, said_of(panel_of(tmp_path / "other", 1.0), 3), ["centre", "parameters"]) > 4


def test_the_log_likelihood_of_many_is_one_number_an_expert(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CONSENSUS, "MANY", EXPERTS)
    model = panel_model(panel_of(tmp_path / "panel"), "consensus").model
    likelihood, prior = log_densities(model, prior_draws(model, 7, 1))
    assert likelihood["judgements"].dims == ("chain", "draw", "expert")
    assert likelihood["judgements"].sizes["expert"] == EXPERTS
    assert all("expert" not in density.dims for density in prior.data_vars.values())


def test_an_expert_can_be_left_out_of_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their answer is a zero, which stands for an interval, and the others' are not."""
    monkeypatch.setattr(CONSENSUS, "MANY", 3)
    rows = [
        row
        for expert, shift in (("ann", 0.6), ("ben", 1.0), ("cat", 1.3))
        for question in ("misaligned", "shared_fate")
        for row in quantiles(expert, question, [value * shift for value in (0.02, 0.06, 0.2)])
    ]
    rows += [{"expert": "cat", "question": "any_misaligned", "form": "point", "value": 0}]
    rows += quantiles("ann", "any_misaligned", [0.1, 0.3, 0.5])
    asked = [{"question": question, "support": "probability"} for question in ("misaligned", "shared_fate")]
    asked += [{"question": "any_misaligned", "support": "probability", "at": "draws=10"}]
    panel = make_panel_in(tmp_path, rows, asked, [(expert, "") for expert in ("ann", "ben", "cat")])
    fewer_rows = panel.judgements[panel.judgements["expert"] != "cat"]
    model, smaller = (
        load_model("urn").build(one, None, "consensus") for one in (panel, replace(panel, judgements=fewer_rows))
    )
    assert set(model.coords["rounding"]) - set(smaller.coords["rounding"]) == {"cat"}
    draws = prior_draws(model, 20, 5)
    whole = log_densities(model, draws)[0]["judgements"]
    for name, array in (fewer(model, smaller) or {}).items():
        model[name].set_value(array.values)
    without, theirs = (log_densities(one, draws)[0]["judgements"] for one in (model, smaller))
    xr.testing.assert_allclose(without, theirs, atol=1e-9)
    assert float(abs(whole - without).sel(expert="cat").min()) > 0.1


def test_of_many_who_answers_nothing_says_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CONSENSUS, "MANY", EXPERTS)
    panel = panel_of(tmp_path / "panel")
    silent = panel.experts["expert"].iloc[0]
    rest = replace(panel, judgements=panel.judgements[panel.judgements["expert"] != silent])
    model = panel_model(rest, "consensus").model
    each = log_densities(model, prior_draws(model, 7, 1))[0]["judgements"]
    assert (each.sel(expert=silent) == 0).all()
    assert (each.drop_sel(expert=silent) != 0).all()
