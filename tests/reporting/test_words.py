import numpy as np
import pytest

from blackball.decisions import compare
from blackball.reporting.words import (
    chance,
    check_line,
    illustrative_note,
    interval_words,
    number,
    outcome_words,
    place_words,
    verdict_words,
    with_unit,
)

from ..synthetic import governed, urn


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (1e-9, "< 0.0001"),
        (0.00001234, "0.0012"),
        (0.0001, "0.010"),
        (0.00996, "1.0"),
        (0.0123, "1.2"),
        (0.0999, "10"),
        (0.5, "50"),
        (0.994, "99"),
        (0.9999, "> 99"),
        (1.0, "100"),
        (np.nan, "–"),
    ],
)
def test_probabilities_have_two_significant_digits_and_no_false_certainty(value, text):
    assert number(value, "probability") == text


@pytest.mark.parametrize(("value", "text"), [(0.0, "< 1 %"), (0.5, "50 %"), (1.0, "> 99 %"), (np.nan, "–")])
def test_counted_probabilities_are_never_certain(value, text):
    assert chance(value) == text


def test_units_are_named():
    assert with_unit(0.25, "probability") == "25 %"
    assert with_unit(3.0, "months") == "3 months"
    assert interval_words(0.01, 0.2, "probability") == "1.0 – 20 %"
    assert outcome_words("power_concentration", "probability") == "P(power concentration)"
    assert outcome_words("time_lost", "months") == "time lost (months)"


def test_places_read_as_words():
    assert place_words("horizon=2050") == "by 2050"
    assert place_words("horizon=2050; draws=3") == "by 2050, draws = 3"
    assert place_words("") == ""


def test_a_check_says_its_number_limit_and_advice():
    assert check_line("r_hat", "fail", 1.08, 1.01, "draw longer") == "fail: r_hat 1.08 (limit 1.01): draw longer"
    assert check_line("prior", "look", np.nan, np.nan, "wide") == "look: prior: wide"


def test_verdict_is_loud_only_if_it_failed():
    assert "FAILED" in verdict_words(compare(governed("failed")))
    assert "FAILED" not in verdict_words(compare(governed()))


def test_note_names_the_inputs_and_is_empty_without_illustrative_numbers():
    assert "breach" in illustrative_note(compare(governed()))
    assert illustrative_note(compare(urn())) == ""
