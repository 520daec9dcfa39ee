"""A panel by itself: seeds can be set aside after the model is built."""

from __future__ import annotations

import numpy as np
import pytest

from blackball.errors import ModelError
from blackball.modelling.panel_model import panel_model
from blackball.panel import Panel
from tests.conftest import MakePanel, quantiles

ASKED = [
    {"question": "s1", "support": "real", "realisation": 1.0},
    {"question": "s2", "support": "real", "realisation": -2.0},
    {"question": "open", "support": "real"},
    {"question": "rain", "support": "probability", "realisation": 1},
]


@pytest.fixture
def panel(make_panel: MakePanel) -> Panel:
    rows = [
        row
        for shift, expert in enumerate(("a", "b", "c"))
        for question in ("s1", "s2", "open")
        for row in quantiles(expert, question, (-2.0 + shift, 0.3 + shift, 2.0 + shift))
    ]
    events = [{"expert": e, "question": "rain", "form": "point", "value": v} for e, v in (("a", 0.2), ("b", 0.7))]
    return make_panel([*rows, *events], ASKED, ["a", "b", "c"])


def logp(panel: Panel, experts: str, known: list[float], truths: list[float]) -> float:
    built = panel_model(panel, experts).model
    built["known"].set_value(np.array(known))
    built["seed_truth"].set_value(np.array(truths))
    return float(built.compile_logp()(built.initial_point(0)))


@pytest.mark.parametrize("experts", ["mixture", "consensus"])
def test_a_seed_that_is_set_aside_says_nothing_of_its_truth(panel: Panel, experts: str) -> None:
    aside = [logp(panel, experts, [1, 0, 0], [0.4, truth, 0]) for truth in (-3.0, 5.0)]
    learned = [logp(panel, experts, [1, 1, 0], [0.4, truth, 0]) for truth in (-3.0, 5.0)]
    assert aside[0] == pytest.approx(aside[1], abs=1e-12)
    assert abs(learned[0] - learned[1]) > 0.1


@pytest.mark.parametrize("experts", ["mixture", "consensus"])
def test_it_predicts_every_quantity_and_every_event(panel: Panel, experts: str) -> None:
    built = panel_model(panel, experts)
    assert built.quantities["judged"].values.tolist() == ["s1", "s2", "open"]
    assert built.events["judged"].values.tolist() == ["rain"]
    assert set(built.predicted.location.type.dims) == {"judged", "component"}
    assert built.log_odds is not None


def test_open_questions_can_be_left_out(panel: Panel) -> None:
    built = panel_model(panel, only_seeds=True)
    assert built.quantities["judged"].values.tolist() == ["s1", "s2"]


def test_uninformed_experts_all_count_the_same(panel: Panel) -> None:
    assert "aptitude" not in {rv.name for rv in panel_model(panel, informed=False).model.free_RVs}
    assert "aptitude" in {rv.name for rv in panel_model(panel).model.free_RVs}


def test_an_unknown_expert_model_names_the_known_ones(panel: Panel) -> None:
    with pytest.raises(ModelError, match="no expert model 'oracle'; valid: consensus, mixture"):
        panel_model(panel, "oracle")
