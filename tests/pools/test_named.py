from __future__ import annotations

import math
from dataclasses import asdict, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, logit

from blackball.errors import InputError
from blackball.modelling.experts import EXPERT_MODELS
from blackball.pools import Events, answers_of, events_of, odds, pool_quantities, score_event, score_quantity
from blackball.pools.named import EVENT_POOLS, METHODS, POOLS, QUANTITY_POOLS, known_methods
from blackball.pools.performance import global_weights, item_weights
from blackball.pools.quantile_average import quantile_mean, quantile_median, quantile_trimmed_mean
from tests.conftest import quantiles
from tests.pools.made import answers_from, drawn

RNG_SEEDS = st.integers(0, 2**32 - 1)
EVERY = pytest.mark.parametrize("name", QUANTITY_POOLS)
EVERY_EVENT = pytest.mark.parametrize("name", EVENT_POOLS)
FEW = settings(max_examples=25, deadline=None)  # each example pools and scores many times
WEIGHTS = {"performance": global_weights, "performance-item": item_weights}
LEARNING = pytest.mark.parametrize("name", WEIGHTS)


def events_from(log_odds, outcomes) -> Events:
    stated = np.asarray(log_odds, dtype=float)
    questions, experts = (tuple(map(str, range(size))) for size in stated.shape)
    return Events("made", questions, experts, stated, np.asarray(outcomes, dtype=float))


def refusal(name: str, answers, seeds, questions) -> str:
    with pytest.raises(InputError) as caught:
        pool_quantities(name, answers, seeds, questions)
    return str(caught.value)


def never_nan(answers, predicted, question: int) -> None:
    assert np.all(np.diff(predicted.points) > 0)
    assert (predicted.points[0], predicted.points[-1]) == (answers.low[question], answers.high[question])
    assert (predicted.cumulative[0], predicted.cumulative[-1]) == (0, 1)
    assert np.all(np.diff(predicted.cumulative) >= 0)
    scores = asdict(score_quantity(predicted, float(answers.realisations[question]), answers.levels))
    assert np.isfinite(list(scores.values())).all()


def test_every_pool_has_one_name():
    assert {*QUANTITY_POOLS, *EVENT_POOLS} == set(POOLS)
    assert list(POOLS) == sorted(set(POOLS))
    assert list(QUANTITY_POOLS) == sorted(QUANTITY_POOLS)
    assert list(EVENT_POOLS) == sorted(EVENT_POOLS)


def test_methods_are_the_pools_and_the_expert_models():
    assert list(METHODS) == sorted({*POOLS, *EXPERT_MODELS})
    known_methods(METHODS)


def test_names_of_no_method_are_refused_at_once():
    with pytest.raises(InputError) as caught:
        known_methods(["equal", "delphi", "mixtur"])
    first, second = str(caught.value).splitlines()
    assert first.startswith("method has 'delphi': ")
    assert all(method in first for method in METHODS)
    assert second.startswith("method has 'mixtur': ")


@pytest.mark.parametrize(
    ("name", "average"),
    [("median", quantile_median), ("quantile-mean", quantile_mean), ("trimmed", quantile_trimmed_mean)],
)
def test_averages_of_quantiles_go_by_their_names(name, average):
    answers = drawn(1)
    [predicted] = pool_quantities(name, answers, [], [3])
    assert predicted.points.tolist() == average(answers, 3).points.tolist()


@pytest.mark.parametrize(("name", "weights"), [("equal", lambda *_: np.ones((7, 5))), *WEIGHTS.items()])
def test_linear_pools_go_by_the_names_of_their_weights(name, weights):
    answers = drawn(1)
    [predicted] = pool_quantities(name, answers, range(7), [3])
    assert predicted.cumulative.tolist() == answers.curves[3].pool(weights(answers, range(7))[3]).cumulative.tolist()


@pytest.mark.parametrize(
    ("name", "pool"),
    [
        ("equal", odds.mean),
        ("geometric-odds", odds.geometric_mean),
        ("median", odds.median),
        ("neyman-roughgarden", odds.neyman_roughgarden),
        ("trimmed", odds.trimmed_mean),
    ],
)
def test_pools_of_events_go_by_their_names(name, pool):
    stated = logit([[0.1, 0.2, 0.3, 0.4, 0.99], [0.3, 0.4, 0.5, 0.6, 0.65]])
    assert EVENT_POOLS[name](events_from(stated, [1, 0]), [], [1, 0]).tolist() == pool(stated[::-1]).tolist()


@EVERY
@FEW
@given(RNG_SEEDS)
def test_each_seed_is_predicted_from_the_others_and_scored_whoever_did_not_answer(name, seed):
    answers = drawn(seed, questions=5, experts=4, missing=0.2)
    for question in range(5):
        others = [other for other in range(5) if other != question]
        weights = WEIGHTS[name](answers, others)[question] if name in WEIGHTS else np.ones(4)
        if (weights * answers.answered[question]).any():
            never_nan(answers, pool_quantities(name, answers, others, [question])[0], question)
        else:
            message = f"made, q{question}: nobody who has a performance weight answered it"
            assert refusal(name, answers, others, [question]) == message


@EVERY
def test_what_is_predicted_comes_in_the_order_asked(name):
    answers = drawn(1)
    one_by_one = [pool_quantities(name, answers, range(4), [question])[0] for question in (6, 0, 4)]
    for alone, together in zip(one_by_one, pool_quantities(name, answers, range(4), [6, 0, 4]), strict=True):
        assert np.array_equal(alone.points, together.points)
        assert np.array_equal(alone.cumulative, together.cumulative)


@EVERY
def test_what_came_true_of_a_question_that_is_not_learned_from_is_not_used(name):
    answers = drawn(1)
    truths = answers.realisations.copy()
    truths[6] = answers.values[6].max()
    otherwise = replace(answers, realisations=truths)
    [first], [second] = (pool_quantities(name, some, range(6), [6]) for some in (answers, otherwise))
    assert np.array_equal(first.cumulative, second.cumulative)


@EVERY
@FEW
@given(RNG_SEEDS)
def test_one_expert_is_pooled_to_what_that_expert_said(name, seed):
    answers = drawn(seed, experts=1)
    for question, predicted in enumerate(pool_quantities(name, answers, range(7), range(7))):
        assert predicted.quantile(answers.levels) == pytest.approx(answers.values[question, 0], abs=1e-9)
        never_nan(answers, predicted, question)


@EVERY
@FEW
@given(RNG_SEEDS)
def test_identical_experts_are_pooled_to_what_they_said(name, seed):
    one = drawn(seed, experts=1)
    answers = answers_from(np.repeat(one.values, 4, axis=1), one.realisations)
    for question, predicted in enumerate(pool_quantities(name, answers, range(7), range(7))):
        assert predicted.quantile(answers.levels) == pytest.approx(one.values[question, 0], abs=1e-9)
        never_nan(answers, predicted, question)


@EVERY
@pytest.mark.parametrize("truth", [-1e6, 1e6])
def test_a_realisation_outside_everybodys_range_is_a_bad_score_and_no_error(name, truth):
    answers = drawn(1, questions=3)
    far = answers_from(answers.values, [answers.realisations[0], answers.realisations[1], truth])
    [predicted] = pool_quantities(name, far, [0, 1], [2])
    never_nan(far, predicted, 2)
    scores = score_quantity(predicted, truth, far.levels)
    assert scores.covered_95 == scores.covered_outer == 0
    assert scores.log_score < 0


@EVERY
@pytest.mark.parametrize(
    ("stated", "rule"),
    [
        ([0.2], "a bare point has no distribution of its own: only expert models and pools of events take points"),
        ([0.1, 0.2, 0.2], "two levels have the same value, so that no density lies between them"),
    ],
)
def test_an_answer_without_a_distribution_is_refused_by_name(make_panel, name, stated, rule):
    point = {"expert": "ann", "question": "share", "form": "point", "value": stated[0]}
    said = [point] if len(stated) == 1 else quantiles("ann", "share", stated)
    asked = [{"question": "share", "support": "probability", "realisation": 0.25}]
    answers = answers_of(make_panel([*said, *quantiles("bob", "share", (0.1, 0.2, 0.3))], asked, ["ann", "bob"]))
    assert refusal(name, answers, [0], [0]) == f"made, share: ann: {rule}"


def test_all_answers_without_a_distribution_are_named_at_once(make_panel):
    asked = [{"question": name, "support": "real"} for name in ("drift", "heat")]
    said = [{"expert": "ann", "question": name, "form": "point", "value": 2} for name in ("drift", "heat")]
    answers = answers_of(make_panel(said, asked, ["ann"]))
    assert [line.split(":")[0] for line in refusal("equal", answers, [], [0, 1]).splitlines()] == [
        "made, drift",
        "made, heat",
    ]
    assert refusal("equal", answers, [], [1]).startswith("made, heat: ann: a bare point")  # of what was asked alone


@LEARNING
def test_performance_cannot_be_learned_without_seeds(name):
    message = "made: no seed question is left to learn performance weights from"
    assert refusal(name, drawn(1), [], [0]) == message


@pytest.mark.parametrize("name", [name for name in QUANTITY_POOLS if name not in WEIGHTS])
def test_other_pools_need_no_seeds(name):
    assert len(pool_quantities(name, drawn(1), [], [0, 1])) == 2


@LEARNING
def test_a_panel_without_seeds_is_refused(make_panel, name):
    panel = make_panel(quantiles("ann", "drift", (1, 2, 3)), [{"question": "drift", "support": "real"}], ["ann"])
    answers = answers_of(panel)
    assert answers.seeds.size == 0
    message = "made: no seed question is left to learn performance weights from"
    assert refusal(name, answers, answers.seeds.tolist(), [0]) == message


@LEARNING
def test_an_expert_who_answered_no_seed_is_refused_by_name(make_panel, name):
    said = quantiles("ann", "drift", (1, 2, 3)) + quantiles("bob", "heat", (1, 2, 3))
    asked = [{"question": "drift", "support": "real", "realisation": 2}, {"question": "heat", "support": "real"}]
    answers = answers_of(make_panel(said, asked, ["ann", "bob"]))
    assert refusal(name, answers, [0], [1]) == "made, expert has 'bob': answered no seed question"


@LEARNING
def test_different_levels_are_refused(make_panel, name):
    levels = [{"expert": "bob", "question": "drift", "form": "quantile", "level": p, "value": p} for p in (0.25, 0.75)]
    asked = [{"question": "drift", "support": "real", "realisation": 2}]
    answers = answers_of(make_panel(quantiles("ann", "drift", (1, 2, 3)) + levels, asked, ["ann", "bob"]))
    rule = (
        "does not state all of the levels 0.05, 0.25, 0.5, 0.75, 0.95: calibration needs the same levels of everybody"
    )
    assert refusal(name, answers, [0], [0]).startswith(f"made, drift: ann {rule}")
    assert len(pool_quantities("equal", answers, [0], [0])) == 1


@LEARNING
def test_a_question_that_only_experts_without_weight_answered_is_refused_by_name(name):
    answers = drawn(1)
    answers.values[6] = np.nan
    answers.values[6, 0] = [-1, 0, 1]
    truths = np.concatenate([answers.values[:6, 1, 1] + 1e-6, answers.realisations[6:]])
    answers.values[:6, 0] = truths[:6, None] + [5, 6, 7]
    lopsided = answers_from(answers.values, truths)
    message = "made, q6: nobody who has a performance weight answered it"
    assert refusal(name, lopsided, range(6), [0, 6]) == message


@EVERY_EVENT
@given(RNG_SEEDS)
def test_every_pool_of_events_gives_chances_that_can_be_scored(name, seed):
    rng = np.random.default_rng(seed)
    stated = rng.normal(0, 3, (6, 4))
    stated[:, 1:][rng.random((6, 3)) < 0.4] = np.nan
    outcomes = rng.integers(0, 2, 6)
    chances = EVENT_POOLS[name](events_from(stated, outcomes), [0, 1, 2], [3, 4, 5])
    assert chances.shape == (3,)
    for chance, outcome in zip(chances, outcomes[3:], strict=True):
        assert 0 <= chance <= 1
        scores = asdict(score_event(float(chance), float(outcome)))
        assert not np.isnan(list(scores.values())).any()


@EVERY_EVENT
def test_no_pool_of_events_needs_seeds(name):
    events = events_from(logit([[0.2, 0.3, 0.4]]), [np.nan])
    assert 0.1 < EVENT_POOLS[name](events, [], [0])[0] < 0.4


@pytest.mark.parametrize(("name", "factor"), [("geometric-odds", 1), ("extremised", 1.5), ("neyman-roughgarden", 1)])
def test_one_expert_stands_as_stated_unless_extremised(name, factor):
    assert EVENT_POOLS[name](events_from([[1.2]], [1]), [], [0]) == pytest.approx([expit(1.2 * factor)])


def test_the_beta_transformation_is_learned_from_the_seeds_alone():
    """Cautious and right on the seeds, so that the last event is held for more certain than the mean."""
    stated = logit(np.array([[0.7, 0.6]] * 9 + [[0.7, 0.8]]))
    events = events_from(stated, [1] * 9 + [0])
    learned, none = (EVENT_POOLS["beta-linear"](events, seeds, [9])[0] for seeds in (range(9), []))
    assert learned > none + 0.05
    assert none == pytest.approx(0.75)


@pytest.mark.parametrize(("said", "least", "most"), [(0, 0, 0.02), (1, 0.98, 1)])
def test_certain_experts_make_no_chance_infinitely_wrong(make_panel, said, least, most):
    rows = [
        {"expert": expert, "question": question, "form": "point", "value": value}
        for expert in ("ann", "bob")
        for question, value in (("yes", said), ("other", 0.31))
    ]
    asked = [{"question": name, "support": "probability", "realisation": 1 - said} for name in ("yes", "other")]
    events = events_of(make_panel(rows, asked, ["ann", "bob"]))
    for name, pool in EVENT_POOLS.items():
        [chance] = pool(events, [1], [0])
        assert least < chance < most, name
        assert math.isfinite(score_event(float(chance), 1 - said).event_log_score)
