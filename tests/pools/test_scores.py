from __future__ import annotations

import math
from dataclasses import asdict

import numpy as np
import pytest
import scoringrules
from hypothesis import given
from hypothesis import strategies as st

from blackball.pools import Distribution, score_event, score_quantity
from blackball.pools.calibration import information
from blackball.pools.scores import crps, log_score
from tests.pools.made import LEVELS, distributions

SHARES = st.floats(0, 1)
UNIFORM = Distribution(np.array([2.0, 6.0]), np.array([0.0, 1.0]))
BUMP = Distribution(np.array([0.0, 4.0, 5.0, 6.0, 10.0]), np.array([0.0, 0.05, 0.5, 0.95, 1.0]))


def at(predicted: Distribution, share: float) -> float:
    return float(predicted.points[0] * (1 - share) + predicted.points[-1] * share)


@given(distributions(), st.floats(-0.5, 1.5))
def test_crps_is_the_integral_of_the_squared_error(predicted, share):
    """Also where the realisation lies outside."""
    truth = at(predicted, share)
    kinks = np.union1d(predicted.points, truth)
    edges = np.interp(np.linspace(0, len(kinks) - 1, 1000 * (len(kinks) - 1) + 1), np.arange(len(kinks)), kinks)
    middles = (edges[1:] + edges[:-1]) / 2
    error = (predicted.cdf(middles) - (middles >= truth)) ** 2
    assert crps(predicted, truth) == pytest.approx(float(error @ np.diff(edges)), rel=1e-6)


@given(st.lists(st.integers(-50, 50), min_size=2, max_size=8, unique=True), st.floats(-60, 60))
def test_crps_of_steps_tends_to_that_of_an_ensemble(members, truth):
    """Nearly all probability lies just below each member."""
    width, steps = 1e-7, np.sort(np.array(members, dtype=float))
    reached = np.arange(len(steps) + 1) / len(steps)
    points = np.concatenate([np.column_stack([steps - width, steps]).ravel()])
    ensemble = Distribution(points, np.repeat(reached, 2)[1:-1])
    assert crps(ensemble, truth) == pytest.approx(scoringrules.crps_ensemble(truth, steps), abs=1e-5)


@given(SHARES)
def test_crps_of_the_uniform_distribution_is_known(share):
    assert crps(UNIFORM, at(UNIFORM, share)) / 4 == pytest.approx(
        scoringrules.crps_uniform(share, 0, 1, 0, 0), abs=1e-12
    )


@given(distributions(), SHARES)
def test_pinball_is_twice_the_mean_quantile_score_as_a_share_of_the_range(predicted, share):
    truth, width = at(predicted, share), predicted.points[-1] - predicted.points[0]
    stated = predicted.quantile(LEVELS)
    lost = [scoringrules.quantile_score(truth, q, level) for q, level in zip(stated, LEVELS, strict=True)]
    assert score_quantity(predicted, truth, LEVELS).pinball == pytest.approx(2 * np.mean(lost) / width, abs=1e-12)


def test_pinball_by_hand():
    """Two units above the median of a range of ten, with quantiles 4, 5 and 6."""
    assert score_quantity(BUMP, 7, LEVELS).pinball == pytest.approx(2 / 3 * (3 * 0.05 + 2 * 0.5 + 1 * 0.95) / 10)


@given(SHARES)
def test_the_log_score_of_the_uniform_distribution_is_zero(share):
    scores = score_quantity(UNIFORM, at(UNIFORM, share), LEVELS)
    assert scores.log_score == pytest.approx(0, abs=1e-9)
    assert scores.log_density == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    ("truth", "probability", "width"), [(4.5, 0.45, 1), (5, 0.45, 1), (2, 0.05, 4), (0, 0.05, 4), (10, 0.05, 4)]
)
def test_the_log_score_by_hand(truth, probability, width):
    scores = score_quantity(BUMP, truth, LEVELS)
    assert scores.log_score == pytest.approx(math.log(probability * 10 / width))
    assert scores.log_density == pytest.approx(scores.log_score)


def test_the_log_score_sees_the_quantiles_alone_and_the_density_the_whole():
    """Half of the range below the median holds nothing."""
    finer = Distribution(np.array([0.0, 4.0, 4.9, 5.0, 6.0, 10.0]), np.array([0.0, 0.05, 0.05, 0.5, 0.95, 1.0]))
    there, nowhere = score_quantity(finer, 4.95, LEVELS), score_quantity(finer, 4.5, LEVELS)
    assert there.log_score == nowhere.log_score == pytest.approx(score_quantity(BUMP, 4.5, LEVELS).log_score)
    assert there.log_density == pytest.approx(math.log(0.45 / 0.1 * 10))
    assert nowhere.log_density == pytest.approx(math.log(np.finfo(float).eps))  # bad, and finite


def test_quantiles_with_hardly_a_width_between_them_count_finitely():
    above = math.nextafter(1.0, 2)
    lucky = log_score([1.0, above, 3.0], above, 0.0, 4.0, LEVELS)
    assert lucky == pytest.approx(math.log(0.45 / np.finfo(float).eps))


@given(distributions())
def test_who_is_right_expects_a_log_score_of_just_the_information(predicted):
    low, high = predicted.points[[0, -1]]
    stated, shares = predicted.quantile(LEVELS), np.diff([0, *LEVELS, 1])
    edges = np.concatenate([[low], stated, [high]])
    reached = [log_score(stated, x, low, high, LEVELS) for x in (edges[1:] + edges[:-1]) / 2]
    assert shares @ reached == pytest.approx(information(stated, low, high, LEVELS), abs=1e-9)


@given(distributions(), SHARES)
def test_pit_and_coverage_say_where_the_realisation_fell(predicted, share):
    scores = score_quantity(predicted, at(predicted, share), LEVELS)
    assert scores.pit == pytest.approx(predicted.cdf(at(predicted, share)))
    for central, covered in ((0.5, scores.covered_50), (0.9, scores.covered_90), (0.95, scores.covered_95)):
        if abs(abs(scores.pit - 0.5) - central / 2) > 1e-9:
            assert covered == float(abs(scores.pit - 0.5) < central / 2)
    assert scores.covered_outer == scores.covered_90  # whose ends are the outermost of the levels


@pytest.mark.parametrize(("truth", "covered"), [(3.9, 0), (4, 0), (4.1, 1), (6, 1), (6.1, 0)])
def test_the_upper_end_belongs_to_an_interval_and_the_lower_does_not(truth, covered):
    scores = score_quantity(BUMP, truth, LEVELS)
    assert scores.covered_outer == scores.covered_90 == covered


def test_the_outer_interval_is_that_of_the_levels():
    wide, narrow = score_quantity(BUMP, 5.7, LEVELS), score_quantity(BUMP, 5.7, (0.25, 0.5, 0.75))
    assert (wide.covered_outer, narrow.covered_outer) == (1, 0)
    assert wide.covered_90 == narrow.covered_90 == 1


@given(distributions(), SHARES, st.floats(0.01, 100))
def test_scores_have_no_unit(predicted, share, factor):
    scaled = Distribution(predicted.points * factor, predicted.cumulative)
    first = score_quantity(predicted, at(predicted, share), LEVELS)
    second = score_quantity(scaled, at(scaled, share), LEVELS)
    for name in ("crps", "pinball", "pit"):
        assert getattr(second, name) == pytest.approx(getattr(first, name), abs=1e-6)


@given(distributions(flat=True), SHARES)
def test_no_score_is_not_a_number(predicted, share):
    scores = asdict(score_quantity(predicted, at(predicted, share), LEVELS))
    assert not np.isnan(list(scores.values())).any()
    assert all(math.isfinite(value) for name, value in scores.items() if name != "log_density")


@given(st.floats(0.001, 0.999), st.sampled_from([0, 1]))
def test_events_by_hand(chance, outcome):
    scores = score_event(chance, outcome)
    assert scores.brier == pytest.approx((chance - outcome) ** 2)
    assert scores.event_log_score == pytest.approx(math.log(chance if outcome else 1 - chance))
    assert (scores.probability, scores.outcome) == (chance, outcome)


@pytest.mark.parametrize(("chance", "outcome", "brier", "log"), [(1, 1, 0, 0), (0, 0, 0, 0), (1, 0, 1, -math.inf)])
def test_certainty_is_scored(chance, outcome, brier, log):
    scores = score_event(chance, outcome)
    assert (scores.brier, scores.event_log_score) == (brier, log)
