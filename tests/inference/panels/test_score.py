"""The same scores for experts, pools and models."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from blackball.errors import InputError
from blackball.inference.panels import QUICK, Scored, score
from blackball.pools import answers_of
from blackball.pools.performance import calibrations
from tests.conftest import MakePanel, quantiles
from tests.inference.panels.simulated import simulated_panel

SHORT = replace(QUICK, draws=200, tune=200)


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> tuple[Scored, np.ndarray]:
    folder: Path = tmp_path_factory.mktemp("score") / "made"
    panel = simulated_panel(folder, [0.8, 0.1, 0.1], 10, np.random.default_rng(3))
    answers = answers_of(panel)
    return score(panel, settings=SHORT), calibrations(answers, answers.seeds)


def test_every_method_that_applies_is_scored_on_the_same_seeds(scored: tuple[Scored, np.ndarray]) -> None:
    found, _ = scored
    assert set(found.methods.index) == {
        "consensus",
        "equal",
        "median",
        "mixture",
        "performance",
        "performance-item",
        "quantile-mean",
        "trimmed",
    }
    assert (found.predictions.groupby("method").size() == 10).all()
    assert found.failures.empty
    kept = found.methods[["log_score", "crps", "pinball", "calibration", "information", "covered_90"]]
    assert np.isfinite(kept.to_numpy()).all()


def test_experts_are_scored_as_the_classical_model_does(scored: tuple[Scored, np.ndarray]) -> None:
    found, expected = scored
    assert found.experts["calibration"].to_numpy() == pytest.approx(expected)
    assert (found.experts["seeds"] == 10).all()
    assert found.experts["log_score"].idxmax() == "e0"


def test_a_score_that_cannot_be_had_says_why(make_panel: MakePanel) -> None:
    asked = [{"question": f"q{i}", "support": "real", "realisation": 1} for i in range(2)]
    panel = make_panel([row for q in asked for row in quantiles("a", q["question"], (0, 1, 2))], asked, ["a"])
    with pytest.raises(InputError, match="made: `geometric-odds`: made: `geometric-odds` predicts nothing here"):
        score(panel, ["geometric-odds"])


def test_means_are_those_of_the_predictions(scored: tuple[Scored, np.ndarray]) -> None:
    found, _ = scored
    own = found.predictions[found.predictions["method"] == "equal"]
    assert found.methods.loc["equal", "crps"] == pytest.approx(own["crps"].mean())


def test_events_have_scores_of_their_own(make_panel: MakePanel) -> None:
    outcomes = [1, 0, 1, 0, 1, 0]
    asked = [{"question": f"s{i}", "support": "probability", "realisation": y} for i, y in enumerate(outcomes)]
    rows = [
        {"expert": e, "question": f"s{i}", "form": "point", "value": right if y else 1 - right}
        for e, right in (("good", 0.9), ("bad", 0.4))
        for i, y in enumerate(outcomes)
    ]
    found = score(make_panel(rows, asked, ["good", "bad"]), settings=SHORT)
    assert found.experts.loc["good", "brier"] == pytest.approx(0.01)
    assert found.experts.loc["bad", "brier"] == pytest.approx(0.36)
    assert {"mixture", "consensus", "geometric-odds", "beta-linear"} <= set(found.methods.index)
    assert "performance" not in found.methods.index
    assert found.methods["brier"].between(0, 0.25).all()
    assert found.methods.loc["equal", "brier"] == pytest.approx(0.35**2)
