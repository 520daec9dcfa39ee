"""Every scheme holds out what it predicts."""

from __future__ import annotations

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackball.cli.choices import Scheme
from blackball.errors import InputError
from blackball.inference.panels.folds import MOST, SCHEMES, folds_of

SEEDS = [f"s{place}" for place in range(12)]


@pytest.mark.parametrize("scheme", SCHEMES)
@given(count=st.integers(2, 25), seed=st.integers(0, 9))
def test_no_fold_learns_from_what_it_predicts(scheme: str, count: int, seed: int) -> None:
    seeds = [f"s{place}" for place in range(count)]
    for fold in folds_of(seeds, scheme, panel="made", seed=seed):
        assert fold.test
        assert not set(fold.train) & set(fold.test)
        assert set(fold.train) | set(fold.test) == set(seeds) or not fold.train


@pytest.mark.parametrize("scheme", ["leave-one-out", "k-fold", "without-seeds"])
def test_each_seed_is_predicted_once(scheme: str) -> None:
    predicted = [seed for fold in folds_of(SEEDS, scheme, panel="made") for seed in fold.test]
    assert sorted(predicted) == sorted(SEEDS)


def test_splits_learn_from_four_fifths_and_are_all_of_them_where_there_are_few() -> None:
    folds = folds_of(SEEDS[:6], "splits", panel="made")
    assert {len(fold.test) for fold in folds} == {1}
    assert len(folds) == comb(6, 1)
    many = folds_of(SEEDS, "splits", panel="made")
    assert {len(fold.test) for fold in many} == {2}
    assert len({fold.test for fold in many}) == len(many) == MOST < comb(12, 2)


def test_random_folds_follow_the_seed() -> None:
    assert folds_of(SEEDS, "k-fold", panel="made", seed=3) == folds_of(SEEDS, "k-fold", panel="made", seed=3)
    assert folds_of(SEEDS, "k-fold", panel="made", seed=3) != folds_of(SEEDS, "k-fold", panel="made", seed=4)


def test_one_seed_is_too_few() -> None:
    with pytest.raises(InputError, match=r"^made: has 1 seed question: cross-validation needs two or more$"):
        folds_of(["only"], "leave-one-out", panel="made")


def test_an_unknown_scheme_names_the_known_ones() -> None:
    with pytest.raises(InputError, match=r"unknown scheme; did you mean 'k-fold'.*leave-one-out"):
        folds_of(SEEDS, "kfold", panel="made")


def test_the_command_line_offers_every_scheme() -> None:
    assert tuple(Scheme) == SCHEMES
