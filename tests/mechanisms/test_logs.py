import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, logit

from blackball.mechanisms.logs import shifted

from .slopes import slopes

CASE = ("case",)
SHIFTED = slopes(lambda p, shift: shifted(p, shift)[0], p=CASE, shift=CASE)
COMPLEMENT = slopes(lambda p, shift: shifted(p, shift)[1], p=CASE, shift=CASE)


@settings(deadline=None)
@given(st.floats(1e-12, 1 - 1e-12), st.floats(-30, 30))
def test_a_shift_adds_to_the_log_odds(p, shift):
    values, _ = SHIFTED(p=[p], shift=[shift])
    rest, _ = COMPLEMENT(p=[p], shift=[shift])
    # The log odds of p itself are rounded, most of all near 1.
    rounded = 1e-12 + 1e-15 / (1 - p)
    assert values[0] == pytest.approx(expit(logit(p) + shift), rel=rounded)
    assert rest[0] == pytest.approx(expit(-logit(p) - shift), rel=rounded)


def test_certainty_is_not_moved_and_no_shift_moves_nothing():
    shift = np.array([-1e300, -150.0, -1.0, 0.0, 1.0, 150.0, 1e300])
    for edge in (0.0, 1.0):
        assert (SHIFTED(p=np.full(7, edge), shift=shift)[0] == edge).all()
        assert (COMPLEMENT(p=np.full(7, edge), shift=shift)[0] == 1 - edge).all()
    p = np.linspace(0, 1, 11)
    assert (SHIFTED(p=p, shift=np.zeros(11))[0] == p).all()


def test_gradients_are_finite_everywhere_and_those_of_differences_inside():
    p, shift = (
        grid.ravel() for grid in np.meshgrid([0.0, 1e-300, 1e-9, 0.5, 1.0], [-1e300, -150.0, 0.0, 150.0, 1e300])
    )
    for compute in (SHIFTED, COMPLEMENT):
        values, gradient = compute(p=p, shift=shift)
        assert ((values >= 0) & (values <= 1)).all()
        assert all(np.isfinite(slope).all() for slope in gradient.values())
        at = {"p": np.array([0.2, 0.7]), "shift": np.array([1.0, -2.0])}
        _, gradient = compute(**at)
        for name in at:
            up, down = (compute(**(at | {name: at[name] + step}))[0] for step in (1e-6, -1e-6))
            assert gradient[name] == pytest.approx((up - down) / 2e-6, abs=1e-8)
