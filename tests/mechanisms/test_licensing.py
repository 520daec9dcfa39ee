import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, logit

from blackball.errors import ModelError
from blackball.mechanisms import evaluate
from blackball.mechanisms.licensing import positive_between, probability_between

from .slopes import slopes

NAMES = ("strictness", "open_race", "one_project")
SLOPES = slopes(probability_between, **dict.fromkeys(NAMES, ("case",)))
POSITIVE_SLOPES = slopes(positive_between, **dict.fromkeys(NAMES, ("case",)))
shares = st.floats(0, 1)
positives = st.floats(1e-6, 1e6)
EDGES = np.array([(s, a, b) for s in (0, 0.3, 1) for a in (0, 1e-12, 0.4, 1) for b in (0, 0.7, 1)], dtype=float).T


def probability(strictness, open_race, one_project):
    return float(evaluate(probability_between, dict(zip(NAMES, (strictness, open_race, one_project), strict=True))))


def positive(strictness, open_race, one_project):
    return float(evaluate(positive_between, dict(zip(NAMES, (strictness, open_race, one_project), strict=True))))


@settings(deadline=None)
@given(shares, shares)
def test_the_ends_are_exact(race, one):
    assert probability(0.0, race, one) == pytest.approx(race, rel=0, abs=1e-99)
    assert probability(1.0, race, one) == pytest.approx(one, rel=0, abs=1e-99)


@settings(deadline=None)
@given(positives, positives)
def test_positive_ends_are_exact(race, one):
    assert positive(0.0, race, one) == race
    assert positive(1.0, race, one) == one


@settings(deadline=None)
@given(shares, shares, shares, shares)
def test_strictness_moves_from_one_end_to_the_other_and_never_back(race, one, s, other):
    lax, strict = (probability(each, race, one) for each in sorted((s, other)))
    slack = 1e-12
    assert min(race, one) - slack <= lax <= max(race, one) + slack
    assert (strict - lax) * np.sign(one - race) >= -slack


@settings(deadline=None)
@given(positives, positives, shares, shares)
def test_a_positive_quantity_moves_one_way_too(race, one, s, other):
    lax, strict = (positive(each, race, one) for each in sorted((s, other)))
    assert min(race, one) * (1 - 1e-12) <= lax <= max(race, one) * (1 + 1e-12)
    assert np.log(strict / lax) * np.sign(one - race) >= -1e-12


@settings(deadline=None)
@given(shares, shares, shares, shares)
def test_a_worse_end_is_worse_all_along(s, one, race, other):
    good, bad = sorted((race, other))
    assert probability(s, good, one) <= probability(s, bad, one) + 1e-12


def test_half_way_is_half_way_in_log_odds():
    assert probability(0.5, 0.2, 0.8) == pytest.approx(0.5)
    assert probability(0.25, 0.1, 0.6) == pytest.approx(expit(0.75 * logit(0.1) + 0.25 * logit(0.6)))
    assert positive(0.5, 8.0, 2.0) == pytest.approx(4.0)
    # The way is no straight line between the chances themselves.
    assert abs(probability(0.25, 0.1, 0.6) - (0.75 * 0.1 + 0.25 * 0.6)) > 0.02


def test_uncertain_strictness_has_the_median_of_its_median():
    strictness = np.random.default_rng(1).beta(2, 2, size=20_001)
    found = evaluate(
        probability_between,
        {"strictness": xr.DataArray(strictness, dims="draw"), "open_race": 0.3, "one_project": 0.05},
    )
    assert float(found.median()) == pytest.approx(probability(np.median(strictness), 0.3, 0.05))


def test_values_and_gradients_are_finite_at_every_edge():
    value, gradient = SLOPES(**dict(zip(NAMES, EDGES, strict=True)))
    assert ((value >= 0) & (value <= 1)).all()
    assert all(np.isfinite(slope).all() for slope in gradient.values())
    inside = {"strictness": [0.0, 0.3, 1.0], "open_race": [2.0, 1e-9, 1e9], "one_project": [5.0, 1e9, 1e-9]}
    value, gradient = POSITIVE_SLOPES(**inside)
    assert np.isfinite(value).all()
    assert all(np.isfinite(slope).all() for slope in gradient.values())


def test_gradients_are_those_of_differences():
    at = {"strictness": np.array([0.3, 0.8]), "open_race": np.array([0.1, 0.6]), "one_project": np.array([0.5, 0.2])}
    for compute in (SLOPES, POSITIVE_SLOPES):
        _, gradient = compute(**at)
        for name in NAMES:
            up, down = (compute(**(at | {name: at[name] + step}))[0] for step in (1e-6, -1e-6))
            assert gradient[name] == pytest.approx((up - down) / 2e-6, rel=1e-6)


@pytest.mark.parametrize(
    ("mechanism", "arguments", "says"),
    [
        (probability_between, (1.2, 0.1, 0.2), r"strictness is 1\.2: it must lie in \[0, 1\]"),
        (probability_between, (0.5, -0.1, 0.2), r"open_race is -0\.1: it must lie in"),
        (positive_between, (0.5, 1.0, 0.0), r"one_project is 0: it must be above 0"),
        (positive_between, (-0.5, 1.0, 2.0), r"strictness is -0\.5: it must lie in"),
    ],
)
def test_a_number_outside_its_range_is_refused(mechanism, arguments, says):
    with pytest.raises(ModelError, match=says):
        mechanism(*arguments)


def test_arrays_that_disagree_are_refused():
    with pytest.raises(ModelError, match="dim 'regime' has length 2 in one and 3 in the other"):
        probability_between(0.5, xr.DataArray([0.1, 0.2], dims="regime"), xr.DataArray([0.1] * 3, dims="regime"))
