from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blackball.errors import InputError
from blackball.panel import encode

WIDTHS = {"probability": 1.0, "positive": 0.5, "bounded": 1.0, "real": 1.0}
SIZE = """ann,size,,,,quantile,.05,1,s
ann,size,,,,quantile,.5,2,s
ann,size,,,,quantile,.95,4,s
bob,size,,,,point,,8,s
"""


def test_answers_are_standardised(panel):
    data = encode(panel(SIZE))
    width = math.log(2) / 1.6448536269514722
    centre = math.log(4)
    unit = math.hypot(width, 1.4826 * math.log(2))
    assert data["centre"].item() == pytest.approx(centre)
    assert data["unit"].item() == pytest.approx(unit)
    assert data["location"].sel(judged="size").values == pytest.approx([-math.log(2) / unit, math.log(2) / unit, 0])
    assert data["lower"].values[0] == pytest.approx([width / unit, 1, 1])
    assert data["upper"].values[0] == pytest.approx([width / unit, 1, 1])
    assert data["answered"].values[0].tolist() == [True, True, False]
    assert data["has_width"].values[0].tolist() == [True, False, False]
    assert data["count"].values[0].tolist() == [3, 1, 0]
    assert data["realisation"].values[0] == pytest.approx(0, abs=1e-12)  # 4 is the centre


def test_dims_coordinates_and_meanings(panel):
    data = encode(panel(SIZE + "cyd,doom,pause,,,point,,0.1,s\n"))
    assert dict(data.sizes) == {"judged": 2, "expert": 3}
    assert data["judged"].values.tolist() == ["doom | pause", "size"]
    assert data["expert"].values.tolist() == ["ann", "bob", "cyd"]
    assert data["camp"].values.tolist() == ["red", "bob", "red"]
    assert data["variable"].values.tolist() == ["catastrophe", "size"]
    assert data["at"].values.tolist() == ["horizon=2050", ""]
    assert data["regime"].values.tolist() == ["pause", ""]
    assert all(variable.attrs["meaning"] for variable in data.data_vars.values())


def test_the_last_round_counts_unless_asked_otherwise(panel):
    read = panel("ann,size,,,1,point,,2,s\nann,size,,,3,point,,8,s\nbob,size,,,1,point,,2,s\n")
    medians = {when: encode(read, round=when).centre.item() for when in (None, 1, 2, 3)}
    assert medians == pytest.approx({None: math.log(4), 1: math.log(2), 2: math.log(2), 3: math.log(4)})


def test_a_round_before_the_first_is_refused(panel):
    with pytest.raises(InputError, match="first round is 2"):
        encode(panel("ann,size,,,2,point,,2,s\n"), round=1)


def test_an_event_that_happened_is_infinitely_far(write):
    from blackball.panel import read_panel

    questions = "question,text,support,realisation,source\nyes,?,probability,1,s\nno,?,probability,0,s\n"
    data = encode(read_panel(write("ann,yes,,,,point,,.7,s\nann,no,,,,point,,.2,s\n", questions=questions)))
    assert data["realisation"].values.tolist() == [math.inf, -math.inf]


def test_intervals_of_exact_zeros_are_open_below(panel):
    data = encode(panel("ann,doom,,,,point,,0,s\nbob,doom,,,,point,,.01,s\n"))
    assert data["low"].values[0, 0] == -math.inf
    assert data["high"].values[0, 0] == pytest.approx(data["low"].values[0, 1])  # both .005
    assert data["rounding_lower"].values[0, 0] > data["rounding_lower"].values[0, 1] > 0


def test_a_ratio_lives_on_the_log_scale(panel):
    data = encode(panel("ann,doom,pause,quo,,ratio,,0.5,s\n"))
    assert data["judged"].values.tolist() == ["doom | pause / quo"]
    assert (data["support"].item(), data["reference"].item()) == ("positive", "quo")
    assert data["centre"].item() == pytest.approx(math.log(0.5))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_every_panel_encodes_to_finite_numbers_whatever_the_order(panels, data):
    panel = data.draw(panels)
    encoded = encode(panel, default_width=WIDTHS)
    for name in ("location", "lower", "upper", "rounding_lower", "rounding_upper", "residual", "centre"):
        assert np.isfinite(encoded[name]).all(), name
    assert (encoded["unit"] > 0).all()
    assert (encoded["lower"] >= 0).all()
    assert (encoded["upper"] >= 0).all()
    assert (encoded["low"] <= encoded["location"]).all()
    assert (encoded["location"] <= encoded["high"]).all()
    order = data.draw(st.permutations(range(len(panel.judgements))))
    shuffled = replace(panel, judgements=panel.judgements.iloc[order].reset_index(drop=True))
    xr.testing.assert_identical(encoded, encode(shuffled, default_width=WIDTHS))
