"""Agreement with one's peers: the mean over an expert's answers, pulled towards everybody's where they are few."""

from __future__ import annotations

import numpy as np
import pytest

from blackball.panel.agreement import USUAL, off_centre

LOCATION = np.array([[0.0, 0.5, -2.0], [0.0, -1.0, 3.0], [0.1, 0.0, 9.0]])
ALL = np.ones((3, 3), dtype=bool)
NO_SEEDS = np.zeros(3, dtype=bool)
OWN = np.array(["a", "b", "c"])


def distances(location: np.ndarray) -> np.ndarray:
    return np.log1p((location - np.median(location, axis=1, keepdims=True)) ** 2)


def test_it_is_the_mean_distance_pulled_towards_the_usual_one() -> None:
    each = distances(LOCATION)
    expected = (each.sum(axis=0) + USUAL * each.mean()) / (3 + USUAL)
    assert off_centre(LOCATION, ALL, NO_SEEDS, OWN) == pytest.approx(expected)


def test_experts_far_from_the_middle_have_more_of_it() -> None:
    found = off_centre(LOCATION, ALL, NO_SEEDS, OWN)
    assert found[0] < found[1] < found[2]


def test_where_there_are_seeds_only_answers_to_them_count() -> None:
    seeds = np.array([True, True, False])
    expected = off_centre(LOCATION[:2], ALL[:2], NO_SEEDS[:2], OWN)
    assert off_centre(LOCATION, ALL, seeds, OWN) == pytest.approx(expected)


def test_who_answered_nothing_has_the_usual_distance() -> None:
    location = np.column_stack([LOCATION, np.full(3, 50.0)])
    answered = np.column_stack([ALL, np.zeros(3, dtype=bool)])
    found = off_centre(location, answered, NO_SEEDS, np.array(["a", "b", "c", "d"]))
    assert found[3] == pytest.approx(distances(LOCATION).mean())
    assert found[:3] == pytest.approx(off_centre(LOCATION, ALL, NO_SEEDS, OWN))


def test_of_two_nobody_is_off_the_middle() -> None:
    found = off_centre(LOCATION[:, :2], ALL[:, :2], NO_SEEDS, OWN[:2])
    assert found.tolist() == [0.0, 0.0]


def test_disagreement_between_camps_is_no_fault_of_either() -> None:
    camp = np.array(["big"] * 5 + ["small"] * 3)
    location = np.tile([-0.1, 0.0, 0.1, -0.1, 0.1, 4.9, 5.0, 5.1], (6, 1))
    answered = np.ones(location.shape, dtype=bool)
    seeds = np.zeros(6, dtype=bool)
    found = off_centre(location, answered, seeds, camp)
    assert np.ptp(found) < 0.01
    everybody = off_centre(location, answered, seeds, np.array(list("abcdefgh")))
    assert everybody[5:].min() > everybody[:5].max() + 1  # without camps the few are far off


def test_who_is_off_the_middle_of_the_own_camp_stands_out() -> None:
    camp = np.array(["big"] * 5 + ["small"] * 3)
    location = np.tile([-0.1, 0.0, 0.1, -0.1, 5.0, 4.9, 5.0, 5.1], (6, 1))
    found = off_centre(location, np.ones(location.shape, dtype=bool), np.zeros(6, dtype=bool), camp)
    assert found.argmax() == 4
