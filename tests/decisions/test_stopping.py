import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import beta

from blackball.decisions.stopping import stopping
from blackball.errors import InputError, ModelError
from blackball.mechanisms import evaluate, research

from ..synthetic import draws_of

SIZE = 40_000
TOLERANCE = 0.1
NUMBERS = xr.DataArray(np.arange(8.0), dims="draw_number")


def same_each_time(p):
    """Lay out an urn from which all draws are alike."""
    return draws_of(p) * xr.ones_like(NUMBERS)


def error_of(effective, chance):
    return np.sqrt(chance * (1 - chance) / effective)


@pytest.fixture(scope="module")
def conjugate():
    """An urn with p ~ Beta(1, 9), without improvement; and the exact chances that p exceeds the tolerance."""
    p = np.random.default_rng(2).beta(1, 9, size=SIZE)
    return same_each_time(p), beta.sf(TOLERANCE, 1, 9 + np.arange(8))


def test_aligned_draws_are_evidence_as_the_conjugate_case_has_it(conjugate):
    bad, exact = conjugate
    found = stopping(bad, tolerance=TOLERANCE, alpha=0.2)
    error = error_of(found.effective.to_numpy(), exact)
    assert (abs(found.exceeds.to_numpy() - exact) < 4 * error).all()
    # Negative control: what is believed before the first draw is not what is believed later.
    unconditional = (bad > TOLERANCE).mean(("chain", "draw")).to_numpy()
    assert (abs(unconditional - exact)[1:] > 4 * error[1:]).all()


def test_the_rule_allows_draws_up_to_the_first_that_is_too_risky(conjugate):
    bad, exact = conjugate
    assert int(stopping(bad, tolerance=TOLERANCE, alpha=0.2).allowed) == 0
    # Aligned draws raise confidence, so that a process that may begin need not stop.
    assert exact[0] < 0.4
    assert int(stopping(bad, tolerance=TOLERANCE, alpha=0.4).allowed) == 8
    # Chances 0, 1/2 and 0 of a draw too risky: nothing after the second is allowed.
    rows = np.array([[0.05, 0.9, 0.01], [0.05, 0.0, 0.01]])
    chances = draws_of(np.repeat(rows, 4, axis=0), ("draw_number",))
    assert int(stopping(chances, tolerance=TOLERANCE, alpha=0.3).allowed) == 1
    assert int(stopping(chances, tolerance=TOLERANCE, alpha=0.6).allowed) == 3


def test_weights_multiply_over_earlier_draws():
    p = np.array([[0.5, 0.2, 0.05, 0.3], [0.1, 0.05, 0.3, 0.05]])
    found = stopping(draws_of(np.repeat(p, 4, axis=0), ("draw_number",)), tolerance=TOLERANCE, alpha=0.5)
    before = np.array([[1, 0.5, 0.5 * 0.8, 0.5 * 0.8 * 0.95], [1, 0.9, 0.9 * 0.95, 0.9 * 0.95 * 0.7]])
    share = before / before.sum(axis=0)
    np.testing.assert_allclose(found.exceeds, (share * (p > TOLERANCE)).sum(axis=0))
    np.testing.assert_allclose(found.effective, 4 / (share**2).sum(axis=0))


def test_each_regime_stops_by_itself():
    rows = np.array([[[0.01, 0.01], [0.01, 0.5], [0.5, 0.5]]] * 8)
    chances = draws_of(rows, ("regime", "draw_number"), regime=["a", "b", "c"])
    found = stopping(chances, tolerance=TOLERANCE, alpha=0.05)
    assert found.allowed.to_series().to_dict() == {"a": 2, "b": 1, "c": 0}


def test_worlds_in_which_gains_transfer_or_do_not_are_weighed():
    p, transfer = np.random.default_rng(5).beta(2, 8, size=SIZE), 0.7
    known = {"bad": draws_of(p), "gain": xr.DataArray([1.5, 0.0], dims="world"), "share": 1.0, "drawn": NUMBERS}
    bad = evaluate(research.improved, known)
    weight = xr.DataArray([transfer, 1 - transfer], dims="world")
    found = stopping(bad, tolerance=TOLERANCE, alpha=0.1, weight=weight, samples=("chain", "draw", "world"))

    # Played out: the world and p are drawn, then systems until one is bad.
    rng = np.random.default_rng(6)
    holds = rng.random(SIZE) < transfer
    alive, chances = np.ones(SIZE, dtype=bool), []
    for number in range(8):
        now = 1 / (1 + (1 - p) / p * np.exp(1.5 * number * holds))
        chances.append(((now > TOLERANCE)[alive].mean(), alive.sum()))
        alive &= rng.random(SIZE) >= now
    share, size = np.array(chances).T
    assert (abs(found.exceeds.to_numpy() - share) < 4 * error_of(size, share)).all()
    # Were every gain sure to transfer, the process would soon be confident.
    sure = stopping(bad.isel(world=0), tolerance=TOLERANCE, alpha=0.1).exceeds.to_numpy()
    assert sure[-1] < 0.01 < 0.05 < share[-1]


def test_what_cannot_be_known_is_not_allowed():
    found = stopping(same_each_time(np.ones(8)), tolerance=TOLERANCE, alpha=0.99)
    assert float(found.exceeds[0]) == 1.0
    assert np.isnan(found.exceeds[1:]).all()
    assert found.effective.to_numpy().tolist() == [8.0] + [0.0] * 7
    assert int(found.allowed) == 0


@settings(deadline=None)  # the first example imports
@given(
    arrays(float, (8, 5), elements=st.floats(0, 1)),
    st.floats(0.01, 0.99),
    st.floats(0.01, 0.99),
    st.floats(0.01, 0.99),
)
def test_a_laxer_rule_never_stops_sooner(p, tolerance, alpha, other):
    chances = draws_of(p, ("draw_number",))
    low, high = sorted([alpha, other])
    strict, lax = (int(stopping(chances, tolerance=tolerance, alpha=level).allowed) for level in (low, high))
    assert 0 <= strict <= lax <= 5
    assert strict <= int(stopping(chances, tolerance=min(tolerance * 1.5, 0.999), alpha=low).allowed)


@pytest.mark.parametrize("level", [0.0, 1.0, -0.1, np.nan])
def test_levels_outside_the_open_interval_are_refused_all_at_once(level):
    chances = same_each_time(np.full(8, 0.1))
    with pytest.raises(InputError, match=rf"stopping rule, tolerance has {level}: must lie in \(0, 1\)") as caught:
        stopping(chances, tolerance=level, alpha=level)
    assert [problem.column for problem in caught.value.problems] == ["tolerance", "alpha"]


def test_draws_that_are_no_chances_are_refused():
    chances = same_each_time(np.full(8, 0.1))
    with pytest.raises(ModelError, match=r"a chance of a bad draw is 1\.1: it must lie in \[0, 1\]"):
        stopping(chances + 1, tolerance=0.1, alpha=0.1)
    with pytest.raises(ModelError, match=r"they lack number"):
        stopping(chances, tolerance=0.1, alpha=0.1, dim="number")
    with pytest.raises(ModelError, match=r"they lack world"):
        stopping(chances, tolerance=0.1, alpha=0.1, samples=("chain", "draw", "world"))
    with pytest.raises(ModelError, match=r"a weight of a sample is -1: it must be at least 0"):
        stopping(chances, tolerance=0.1, alpha=0.1, weight=-1.0)
    for weight in (np.inf, np.nan):
        with pytest.raises(ModelError, match=f"a weight of a sample is {weight}: it must be at least 0 and finite"):
            stopping(chances, tolerance=0.1, alpha=0.1, weight=weight)
