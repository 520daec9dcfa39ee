import itertools
from functools import partial

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from blackball.errors import ModelError
from blackball.mechanisms import authority, evaluate

from .slopes import slopes

# trust, founders, investors, independent
BOARD = xr.DataArray([1, 2, 1, 1], dims="bloc")
FIVE = partial(authority.majority, seats=BOARD)
ONE_BLOC = {size: partial(authority.majority, seats=xr.DataArray([size], dims="bloc")) for size in (1, 5, 8, 15)}
SLOPES = slopes(FIVE, stand=("bloc",))
stands = st.lists(st.floats(0, 1), min_size=4, max_size=4)


def carried(stand, mechanism=FIVE):
    return float(evaluate(mechanism, {"stand": xr.DataArray(stand, dims="bloc")}))


def by_enumeration(stand, seats, needed):
    chances = np.repeat(stand, seats)
    outcomes = np.array(list(itertools.product((0, 1), repeat=len(chances))))
    weights = np.where(outcomes == 1, chances, 1 - chances).prod(1)
    return weights[outcomes.sum(1) >= needed].sum()


@pytest.mark.parametrize("size", [1, 5, 8, 15])
@pytest.mark.parametrize("chance", [0.0, 1e-3, 0.3, 0.5, 0.97, 1.0])
def test_equal_directors_give_the_binomial_tail(size, chance):
    assert carried([chance], ONE_BLOC[size]) == pytest.approx(binom.sf(size // 2, size, chance), rel=1e-12, abs=0)


def test_two_founders_and_one_more_carry_a_board_of_five():
    assert carried([0.0, 1.0, 0.0, 0.0]) == 0.0
    assert carried([0.0, 1.0, 1.0, 0.0]) == 1.0
    assert carried([0.3, 1.0, 0.0, 0.2]) == pytest.approx(1 - 0.7 * 0.8)


def test_three_trust_seats_of_five_that_stand_together_decide_alone():
    mature = partial(authority.majority, seats=xr.DataArray([3, 1, 1, 0], dims="bloc"))
    for others in (0.0, 0.4, 1.0):
        assert carried([1.0, others, others, others], mature) == pytest.approx(1.0, abs=1e-15)
        assert carried([0.0, others, others, others], mature) == 0.0


def test_trust_seats_follow_a_schedule():
    years = {"year": [2023, 2024, 2025]}
    schedule = xr.DataArray([[0, 2, 2, 1], [1, 2, 1, 1], [3, 1, 1, 0]], dims=("year", "bloc"), coords=years)
    result = evaluate(partial(authority.majority, seats=schedule), {"stand": xr.DataArray([1.0, 0, 0, 0], dims="bloc")})
    assert result.to_numpy().tolist() == [0.0, 0.0, 1.0]


def test_boards_of_different_size_each_need_their_own_majority():
    seats = xr.DataArray([[1, 2], [4, 3]], dims=("regime", "bloc"))
    result = evaluate(partial(authority.majority, seats=seats), {"stand": xr.DataArray([0.2, 0.7], dims="bloc")})
    exact = [by_enumeration([0.2, 0.7], [1, 2], 2), by_enumeration([0.2, 0.7], [4, 3], 4)]
    np.testing.assert_allclose(result, exact, rtol=1e-13)


def test_another_number_of_votes_may_be_needed():
    unanimous = partial(authority.majority, seats=BOARD, needed=5)
    assert carried([0.9, 0.8, 0.7, 0.6], unanimous) == pytest.approx(0.9 * 0.8**2 * 0.7 * 0.6)


@settings(deadline=None)  # the first example compiles
@given(stands)
def test_agrees_with_enumerating_every_vote(stand):
    result = carried(stand)
    assert result == pytest.approx(by_enumeration(stand, BOARD.to_numpy(), 3), rel=1e-12, abs=1e-300)
    assert 0 <= result <= 1


@settings(deadline=None)  # the first example compiles
@given(stands, st.floats(0, 1))
def test_a_firmer_stand_never_hurts(stand, firmer):
    raised = [stand[0] + (1 - stand[0]) * firmer, *stand[1:]]
    assert carried(raised) >= carried(stand) - 1e-15


@pytest.mark.parametrize("stand", [[0.0] * 4, [1.0] * 4, [0.0, 1.0, 0.0, 1.0], [0.2, 0.5, 0.7, 0.9]])
def test_gradient_is_the_chance_to_be_pivotal(stand):
    value, gradient = SLOPES(stand=stand)
    for bloc, seats in enumerate(BOARD.to_numpy()):
        others = BOARD.to_numpy() - (np.arange(4) == bloc)
        pivotal = by_enumeration(stand, others, 2) - by_enumeration(stand, others, 3)
        assert gradient["stand"][bloc] == pytest.approx(seats * pivotal, abs=1e-14)
    assert value == pytest.approx(by_enumeration(stand, BOARD.to_numpy(), 3), abs=1e-15)


@pytest.mark.parametrize("seats", [[2, -1], [1.5, 1]])
def test_seats_must_be_whole(seats):
    with pytest.raises(ModelError, match="whole number of seats"):
        authority.majority(0.5, xr.DataArray(seats, dims="bloc"))


def test_safety_delayed_is_often_safety_denied():
    arguments = {"majority": 0.8, "rules_changed": 0.25, "delay": 3.0, "window": 6.0}
    assert float(evaluate(authority.halt, arguments)) == pytest.approx(0.6 * np.exp(-0.5))
    assert float(evaluate(authority.halt, arguments | {"rules_changed": 1.0})) == 0.0


def test_outside_authority_is_a_second_route():
    assert float(evaluate(authority.either, {"inside": 0.4, "outside": 0.5})) == pytest.approx(0.7)


def test_a_warning_only_helps_if_it_is_heeded():
    never, always = ({"miss": 0.2, "halt": halt} for halt in (0.0, 1.0))
    assert float(evaluate(authority.release, never)) == 1.0
    assert float(evaluate(authority.release, always)) == pytest.approx(0.2)
    assert float(evaluate(authority.release, {"miss": 0.2, "halt": 0.5})) == pytest.approx(0.6)
