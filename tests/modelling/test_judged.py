"""Judgements find the values they are about, and one expert counts once."""

from __future__ import annotations

import numpy as np
import pymc as pm
import pytest

from blackball.errors import ModelError
from blackball.inference.derive import log_densities
from blackball.inference.prior import prior_draws
from blackball.modelling import judged, outcome, probability, quantities
from tests.conftest import MakePanel, quantiles

PQ = {"p": probability((0.05, 0.9), source="s"), "q": probability((0.05, 0.9), source="s")}
ASKED = [{"question": name, "support": "probability"} for name in ("p", "q", "both")]


def point(expert: str, question: str, value: float) -> dict[str, object]:
    return {"expert": expert, "question": question, "form": "point", "value": value}


def chain(panel: object, **more: object) -> pm.Model:
    with pm.Model() as model:
        found = quantities(PQ)
        outcome("both", found["p"] * found["q"])
        judged(panel, **more)
    return model


def test_a_conclusion_that_repeats_its_premises_is_left_out(make_panel: MakePanel) -> None:
    rows = [point("e", "p", 0.5), point("e", "q", 0.4), point("e", "both", 0.2)]
    model = chain(make_panel(rows, ASKED, ["e"]))
    found = model["judgements"].tag.judged.coherence
    assert found.sizes["argument"] == 1
    assert bool(found["repeats"][0])
    rows_out = model["recalibrated"].get_value()[..., 0]
    labels = list(model.coords["judged"])
    assert rows_out[labels.index("both"), 0] == -np.inf
    assert np.isfinite(rows_out[labels.index("p"), 0])


def test_an_incoherent_conclusion_is_reported_and_shares_the_weight(make_panel: MakePanel) -> None:
    rows = [point("e", "p", 0.5), point("e", "q", 0.4), point("e", "both", 0.05)]
    panel = make_panel(rows, ASKED, ["e"])
    once, twice = chain(panel), chain(panel, count_once=False)
    found = once["judgements"].tag.judged.coherence
    assert float(found["implied"][0]) == pytest.approx(np.log(0.2 / 0.8))
    assert float(found["stated"][0]) == pytest.approx(np.log(0.05 / 0.95), abs=0.02)
    assert not bool(found["repeats"][0])
    ratio = once["recalibrated"].get_value()[..., 1] / twice["recalibrated"].get_value()[..., 1]
    assert np.allclose(ratio, np.sqrt(2))


def test_premises_that_do_not_determine_the_conclusion_are_no_chain(make_panel: MakePanel) -> None:
    rows = [point("e", "p", 0.5), point("e", "both", 0.2), point("f", "q", 0.4)]
    found = chain(make_panel(rows, ASKED, ["e", "f"]))["judgements"].tag.judged.coherence
    assert found.sizes["argument"] == 0


def test_a_question_that_nothing_bears_names_what_could(make_panel: MakePanel) -> None:
    panel = make_panel([point("e", "x", 0.5)], [{"question": "x", "support": "probability"}], ["e"])
    with pytest.raises(ModelError, match=r"question x: no variable `x` .*: both, p, q"):
        chain(panel)


def test_an_unknown_expert_model_names_the_known_ones(make_panel: MakePanel) -> None:
    panel = make_panel([point("e", "p", 0.5)], ASKED[:1], ["e"])
    with pytest.raises(ModelError, match="consensus, mixture"):
        chain(panel, experts="oracle")


def test_labels_must_select_one_value(make_panel: MakePanel) -> None:
    ask = [{"question": "v", "at": "bloc=c", "support": "probability"}]
    panel = make_panel([point("e", "v", 0.5)], ask, ["e"])
    with pm.Model(), pytest.raises(ModelError, match=r"bloc 'c' is not in the model; valid: a, b"):
        quantities({"v": probability({"a": (0.1, 0.5), "b": (0.1, 0.5)}, dim="bloc", source="s")})
        judged(panel)


def test_a_ratio_judges_the_difference_of_logs(make_panel: MakePanel) -> None:
    ask = [{"question": "v", "support": "probability"}]
    rows = quantiles("e", "v", (0.3, 0.6, 0.9), regime="b", given="a")
    rows = [{**row, "form": "ratio"} for row in rows]
    with pm.Model(coords={"regime": ["a", "b"]}) as model:
        found = quantities(
            {"x": probability((0.1, 0.5), source="s"), "y": probability((0.1, 0.5), source="s")}
        )
        import pymc.dims as pmd

        outcome("v", pmd.concat([found["x"], found["y"]], dim="regime"))
        judged(make_panel(rows, ask, ["e"]))
    draws = prior_draws(model, 50, 1)
    likelihood, _ = log_densities(model, draws)
    encoded = model["judgements"].tag.judged.encoded
    latent = draws["latent"].values[0]
    mean, sd = model["prior_mean"].get_value(), model["prior_sd"].get_value()
    x, y = (1 / (1 + np.exp(-(mean + sd * latent)))).T
    theta = (np.log(y / x) - encoded["centre"].item()) / encoded["unit"].item()
    assert np.corrcoef(-np.abs(theta), likelihood["judgements"].values[0, :, 0])[0, 1] > 0.5
    best = likelihood["judgements"].values[0, :, 0].argmax()
    assert np.abs(theta[best]) == pytest.approx(np.abs(theta).min())


def test_every_judgement_enters_whatever_the_order_of_questions(make_panel: MakePanel) -> None:
    rows = [point("e", "both", 0.1), *quantiles("f", "q", (0.1, 0.2, 0.4)), point("f", "p", 0.3)]
    forward = chain(make_panel(rows, ASKED, ["e", "f"], "forward"))
    backward = chain(make_panel(rows[::-1], ASKED[::-1], ["f", "e"], "backward"))
    at = {"latent": np.array([0.3, -0.2]), "point_width_log__": np.array(0.1)}
    found = [model.compile_logp()(at) for model in (forward, backward)]
    assert found[0] == pytest.approx(found[1], rel=1e-12)
