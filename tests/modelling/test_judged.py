"""Judgements find the values they are about, and one expert counts once."""

from __future__ import annotations

import numpy as np
import pymc as pm
import pytest

from blackball.errors import ModelError
from blackball.inference.derive import log_densities
from blackball.inference.prior import prior_draws
from blackball.modelling import judged, outcome, probability, quantities
from blackball.modelling.experts.mixture import FEATURES, NOTHING
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
    rows_out = model["answers"].get_value()[..., FEATURES.index("own")]
    labels = list(model.coords["judged"])
    assert rows_out[labels.index("both"), 0] == NOTHING
    assert rows_out[labels.index("p"), 0] > NOTHING
    assert np.isfinite(list(model.point_logps().values())).all()


def test_an_incoherent_conclusion_is_reported_and_shares_the_weight(make_panel: MakePanel) -> None:
    rows = [point("e", "p", 0.5), point("e", "q", 0.4), point("e", "both", 0.05)]
    panel = make_panel(rows, ASKED, ["e"])
    once, twice = chain(panel), chain(panel, count_once=False)
    found = once["judgements"].tag.judged.coherence
    assert float(found["implied"][0]) == pytest.approx(np.log(0.2 / 0.8))
    assert float(found["stated"][0]) == pytest.approx(np.log(0.05 / 0.95), abs=0.02)
    assert not bool(found["repeats"][0])
    widen = FEATURES.index("widen")
    ratio = once["answers"].get_value()[..., widen] / twice["answers"].get_value()[..., widen]
    assert np.allclose(ratio, np.sqrt(2))


def test_premises_that_do_not_determine_the_conclusion_are_no_chain(make_panel: MakePanel) -> None:
    rows = [point("e", "p", 0.5), point("e", "both", 0.2), point("f", "q", 0.4)]
    found = chain(make_panel(rows, ASKED, ["e", "f"]))["judgements"].tag.judged.coherence
    assert found.sizes["argument"] == 0


def nested(panel: object) -> pm.Model:
    """A conclusion that follows from an outcome which itself follows from a quantity."""
    with pm.Model() as model:
        found = quantities(PQ)
        some = outcome("some", 1 - (1 - found["p"]) ** 3)
        outcome("both", some * found["q"])
        judged(panel)
    return model


def test_an_outcome_on_the_way_is_a_premise_and_hides_what_is_behind_it(make_panel: MakePanel) -> None:
    asked = [*ASKED, {"question": "some", "support": "probability"}]
    rows = [point("e", "some", 0.5), point("e", "p", 0.3), point("e", "q", 0.4), point("e", "both", 0.05)]
    found = nested(make_panel(rows, asked, ["e"]))["judgements"].tag.judged.coherence
    by_conclusion = dict(zip(found["conclusion"].values, found["implied"].values, strict=True))
    assert by_conclusion["both"] == pytest.approx(np.log(0.2 / 0.8))
    assert by_conclusion["some"] == pytest.approx(np.log((1 - 0.7**3) / 0.7**3))


@pytest.mark.parametrize("names", [("a_some", "z_both"), ("z_some", "a_both")])
def test_what_only_repeats_stays_dropped_whatever_it_is_called(make_panel: MakePanel, names: tuple[str, str]) -> None:
    some, both = names
    asked = [{"question": name, "support": "probability"} for name in ("p", "q", some, both)]
    rows = [point("e", "p", 0.5), point("e", some, 0.5), point("e", "q", 0.4), point("e", both, 0.02)]
    with pm.Model() as model:
        found = quantities(PQ)
        outcome(both, outcome(some, 1 * found["p"]) * found["q"])
        judged(make_panel(rows, asked, ["e"]))
    kept = model["answers"].get_value()[..., FEATURES.index("own")] > NOTHING
    assert dict(zip(model.coords["judged"], kept[:, 0].tolist(), strict=True))[some] is False


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
        found = quantities({"x": probability((0.1, 0.5), source="s"), "y": probability((0.1, 0.5), source="s")})
        import pymc.dims as pmd

        outcome("v", pmd.concat([found["x"], found["y"]], dim="regime"))
        judged(make_panel(rows, ask, ["e"]))
    draws = prior_draws(model, 50, 1)
    draws["population"] = 0 * draws["population"]  # one recalibration, so that the density varies with the ratio alone
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
    population = np.linspace(-0.5, 0.5, forward.dim_lengths["hyperparameter"].eval())
    at = {"latent": np.array([0.3, -0.2]), "population": population}
    found = [model.compile_logp()(at) for model in (forward, backward)]
    assert found[0] == pytest.approx(found[1], rel=1e-12)


@pytest.mark.parametrize("experts", ["mixture", "consensus"])
def test_seed_questions_inform_the_experts_and_need_no_variable(make_panel: MakePanel, experts: str) -> None:
    seeds = [{"question": "s1", "support": "probability", "realisation": 0.3}]
    rows = [*quantiles("e", "s1", (0.2, 0.3, 0.4)), *quantiles("f", "s1", (0.6, 0.7, 0.8)), point("e", "p", 0.5)]
    model = chain(make_panel(rows, [*ASKED[:1], *seeds], ["e", "f"]), experts=experts)
    assert np.isfinite(list(model.point_logps().values())).all()
    assert "aptitude" in {rv.name for rv in model.free_RVs}


def test_without_seeds_all_experts_count_the_same(make_panel: MakePanel) -> None:
    model = chain(make_panel([point("e", "p", 0.5), point("f", "p", 0.9)], ASKED[:1], ["e", "f"]))
    assert "aptitude" not in {rv.name for rv in model.free_RVs}
    assert model["weight"].values.eval().tolist() == [0.5, 0.5]


def tilt(model: pm.Model) -> float:
    """How much more likely everything is if the first expert is the apter one than if the second is."""
    at = {name: np.zeros_like(value) for name, value in model.initial_point(0).items()}
    logp = model.compile_logp()
    first, second = (logp({**at, "aptitude": np.array(pair)}) for pair in ([0.5, -0.5], [-0.5, 0.5]))
    return float(first - second)


def test_who_was_right_on_seeds_weighs_more(make_panel: MakePanel) -> None:
    seeds = [{"question": f"s{i}", "support": "probability", "realisation": 0.3} for i in range(4)]
    right = [row for seed in seeds for row in quantiles("right", seed["question"], (0.2, 0.3, 0.4))]
    wrong = [row for seed in seeds for row in quantiles("wrong", seed["question"], (0.85, 0.9, 0.94))]
    rows, asked = [*right, *wrong, point("right", "p", 0.5)], [*ASKED[:1], *seeds]
    assert tilt(chain(make_panel(rows, asked, ["right", "wrong"], "one"))) > 0.5
    assert tilt(chain(make_panel(rows, asked, ["wrong", "right"], "other"))) < -0.5


@pytest.mark.parametrize("experts", ["mixture", "consensus"])
def test_events_that_happened_inform_the_experts_too(make_panel: MakePanel, experts: str) -> None:
    seeds = [{"question": f"s{i}", "support": "probability", "realisation": i % 2} for i in range(6)]
    said = {"right": (0.2, 0.8), "wrong": (0.8, 0.2)}
    rows = [point(who, seed["question"], pair[seed["realisation"]]) for who, pair in said.items() for seed in seeds]
    model = chain(make_panel([*rows, point("right", "p", 0.5)], [*ASKED[:1], *seeds], list(said)), experts=experts)
    assert {rv.name for rv in model.observed_RVs} == {"judgements", "happened"}
    assert len(model.coords["event"]) == 6
    better = {"mixture": 1.0, "consensus": -1.0}[experts]  # in the consensus more aptitude is more noise
    assert better * tilt(model) > 0.05


def test_a_realisation_on_the_end_of_a_bounded_support_is_refused(make_panel: MakePanel) -> None:
    asked = [{"question": "x", "support": "bounded", "lower": 0, "upper": 10, "realisation": 10}]
    panel = make_panel([*quantiles("e", "x", (2, 3, 4)), point("e", "p", 0.5)], [*ASKED[:1], *asked], ["e"])
    with pytest.raises(ModelError, match="question x: a realisation on the end of its support"):
        chain(panel)
