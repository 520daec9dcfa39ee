from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackball.panel.supports import SUPPORTS, bounds, contains, link, unlink


@given(st.sampled_from(SUPPORTS), st.floats(-30, 30))
def test_unlink_inverts_link(support, y):
    x = unlink(y, support, -2.0, 5.0)
    # Near 1 a double tells numbers apart by 2**-53 only, and the logit magnifies that by 1 / (1 - x).
    low, high = bounds(support, -2.0, 5.0)
    room = min(x - low, high - x, 1.0) if math.isfinite(high) else 1.0
    assert link(x, support, -2.0, 5.0) == pytest.approx(y, abs=1e-13 + 1e-14 / room, rel=1e-13)


def test_links_by_hand():
    assert link(0.75, "probability") == pytest.approx(math.log(3))
    assert link(math.e, "positive") == pytest.approx(1)
    assert link(25, "bounded", 10, 30) == pytest.approx(math.log(3))
    assert link(-4.5, "real") == -4.5


def test_ends_are_infinite():
    assert link([0, 1], "probability").tolist() == [-math.inf, math.inf]
    assert link([10, 30], "bounded", 10, 30).tolist() == [-math.inf, math.inf]
    assert unlink([-math.inf, math.inf], "probability").tolist() == [0, 1]


def test_contains_knows_which_ends_belong():
    x = [-1, 0, 0.5, 1, 2, np.nan, np.inf]
    assert contains(x, "probability").tolist() == [False, True, True, True, False, False, False]
    assert contains(x, "positive").tolist() == [False, False, True, True, True, False, False]
    assert contains(x, "bounded", 0.5, 1).tolist() == [False, False, True, True, False, False, False]
    assert contains(x, "real").tolist() == [True] * 5 + [False] * 2


def test_an_unknown_support_has_no_bounds():
    with pytest.raises(ValueError, match="probability, positive, bounded, real"):
        bounds("probable")
