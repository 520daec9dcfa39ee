import itertools
from functools import partial, reduce

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import betabinom, binom

from blackball.errors import ModelError
from blackball.mechanisms import authority, evaluate
from blackball.mechanisms.board import majority

from .slopes import slopes

# trust, founders, investors, independent
BOARD = xr.DataArray([1, 2, 1, 1], dims="bloc")
MATURE = xr.DataArray([3, 1, 1, 0], dims="bloc")
LARGE = xr.DataArray([4, 3, 0, 5], dims="bloc")
FIVE, THREE_TRUSTED, TWELVE = (partial(majority, seats=seats) for seats in (BOARD, MATURE, LARGE))
ONE_BLOC = {size: partial(majority, seats=xr.DataArray([size], dims="bloc")) for size in (1, 5, 8, 15)}
ANY_MAJORITY = partial(majority, seats=LARGE, needed=xr.DataArray(np.arange(1, 13), dims="needed"))
SLOPES = slopes(FIVE, stand=("bloc",))
SLOPES_TOGETHER = slopes(TWELVE, stand=("bloc",), agreement=("bloc",))
four = st.lists(st.floats(0, 1), min_size=4, max_size=4)
RUNS = 200_000


def carried(stand, mechanism=FIVE, agreement=None):
    arguments = {"stand": xr.DataArray(stand, dims="bloc")}
    if agreement is not None:
        arguments["agreement"] = xr.DataArray(agreement, dims="bloc") if np.ndim(agreement) else agreement
    return float(evaluate(mechanism, arguments))


def by_enumeration(stand, seats, needed):
    chances = np.repeat(stand, seats)
    outcomes = np.array(list(itertools.product((0, 1), repeat=len(chances))))
    weights = np.where(outcomes == 1, chances, 1 - chances).prod(1)
    return weights[outcomes.sum(1) >= needed].sum()


def vote_by_vote(stand, seats, agreement, needed):
    """Every sequence of votes, each following those before it in its bloc."""

    def chance(bloc, votes):
        v, r, product = stand[bloc], agreement[bloc], 1.0
        for before, vote in enumerate(votes):
            yes = (v * (1 - r) + sum(votes[:before]) * r) / (1 - r + before * r)
            product *= yes if vote else 1 - yes
        return product

    total = 0.0
    for sequences in itertools.product(*(list(itertools.product((0, 1), repeat=size)) for size in seats)):
        if sum(map(sum, sequences)) >= needed:
            total += np.prod([chance(bloc, votes) for bloc, votes in enumerate(sequences)])
    return total


def by_convolution(stand, seats, agreement, needed):
    counts = [
        betabinom.pmf(np.arange(size + 1), size, v * (1 - r) / r, (1 - v) * (1 - r) / r)
        for v, size, r in zip(stand, seats, agreement, strict=True)
    ]
    return reduce(np.convolve, counts)[needed:].sum()


@pytest.mark.parametrize("size", [1, 5, 8, 15])
@pytest.mark.parametrize("chance", [0.0, 1e-3, 0.3, 0.5, 0.97, 1.0])
def test_equal_directors_give_the_binomial_tail(size, chance):
    tail = pytest.approx(binom.sf(size // 2, size, chance), rel=1e-12, abs=0)
    assert carried([chance], ONE_BLOC[size]) == tail
    assert carried([chance], ONE_BLOC[size], agreement=0.0) == tail


@pytest.mark.parametrize("chance", [0.0, 1e-3, 0.3, 0.5, 0.97, 1.0])
def test_a_bloc_that_agrees_fully_is_one_vote(chance):
    for size in (1, 5, 8, 15):
        assert carried([chance], ONE_BLOC[size], agreement=1.0) == chance
        assert carried([chance], ONE_BLOC[size], agreement=1 - 1e-12) == pytest.approx(chance, abs=1e-10)


def test_two_founders_and_one_more_carry_a_board_of_five():
    assert carried([0.0, 1.0, 0.0, 0.0]) == 0.0
    assert carried([0.0, 1.0, 1.0, 0.0]) == 1.0
    assert carried([0.3, 1.0, 0.0, 0.2]) == pytest.approx(1 - 0.7 * 0.8)


def test_founders_of_one_mind_need_one_more_or_all_the_others():
    with_one_more, all_others = 1 - 0.7 * 0.6 * 0.8, 0.3 * 0.4 * 0.2
    assert carried([0.3, 0.5, 0.4, 0.2], agreement=1.0) == pytest.approx(0.5 * with_one_more + 0.5 * all_others)


@pytest.mark.parametrize("others", [0.0, 0.4, 1.0])
def test_three_trust_seats_of_five_that_always_stand_together_decide_alone(others):
    assert carried([1.0, others, others, others], THREE_TRUSTED) == pytest.approx(1.0, abs=1e-15)
    assert carried([0.0, others, others, others], THREE_TRUSTED) == 0.0
    for stand in (0.0, 0.35, 1.0):
        together = carried([stand, others, others, others], THREE_TRUSTED, agreement=1.0)
        assert together == pytest.approx(stand, abs=1e-15)


def test_a_trust_that_agrees_less_can_lose_its_majority():
    apart, half, together = (carried([0.9, 0, 0, 0], THREE_TRUSTED, agreement=r) for r in (0.0, 0.5, 1.0))
    assert apart == pytest.approx(0.9**3)
    assert apart < half < together == pytest.approx(0.9)


def test_trust_seats_follow_a_schedule():
    years = {"year": [2023, 2024, 2025]}
    schedule = xr.DataArray([[0, 2, 2, 1], [1, 2, 1, 1], [3, 1, 1, 0]], dims=("year", "bloc"), coords=years)
    scheduled = partial(majority, seats=schedule)
    stand = xr.DataArray([0.8, 0.0, 0.0, 0.0], dims="bloc")
    certain = evaluate(scheduled, {"stand": stand.where(stand == 0, 1.0)})
    assert certain.to_numpy().tolist() == [0.0, 0.0, 1.0]
    together = evaluate(scheduled, {"stand": stand, "agreement": 1.0})
    np.testing.assert_allclose(together, [0.0, 0.0, 0.8], atol=1e-15)


def test_boards_of_different_size_each_need_their_own_majority():
    seats = xr.DataArray([[1, 2], [4, 3]], dims=("regime", "bloc"), coords={"regime": ["race", "one"]})
    stand = xr.DataArray([0.2, 0.7], dims="bloc")
    result = evaluate(partial(majority, seats=seats), {"stand": stand})
    exact = [by_enumeration([0.2, 0.7], [1, 2], 2), by_enumeration([0.2, 0.7], [4, 3], 4)]
    np.testing.assert_allclose(result, exact, rtol=1e-13)
    agreement = xr.DataArray([0.3, 0.6], dims="regime", coords={"regime": ["race", "one"]})
    result = evaluate(partial(majority, seats=seats), {"stand": stand, "agreement": agreement})
    exact = [by_convolution([0.2, 0.7], [1, 2], [0.3] * 2, 2), by_convolution([0.2, 0.7], [4, 3], [0.6] * 2, 4)]
    np.testing.assert_allclose(result, exact, rtol=1e-12)


def test_another_number_of_votes_may_be_needed():
    unanimous = partial(majority, seats=BOARD, needed=5)
    assert carried([0.9, 0.8, 0.7, 0.6], unanimous) == pytest.approx(0.9 * 0.8**2 * 0.7 * 0.6)
    assert carried([0.9, 0.8, 0.7, 0.6], unanimous, agreement=1.0) == pytest.approx(0.9 * 0.8 * 0.7 * 0.6)


@settings(deadline=None)  # the first example compiles
@given(four)
def test_agrees_with_enumerating_every_vote(stand):
    result = carried(stand)
    assert result == pytest.approx(by_enumeration(stand, BOARD.to_numpy(), 3), rel=1e-12, abs=1e-300)
    assert 0 <= result <= 1


@settings(deadline=None, max_examples=50)  # the first example compiles
@given(four, st.lists(st.floats(0, 0.999), min_size=4, max_size=4))
def test_agrees_with_votes_that_follow_each_other(stand, agreement):
    exact = vote_by_vote(stand, MATURE.to_numpy(), agreement, 3)
    assert carried(stand, THREE_TRUSTED, agreement) == pytest.approx(exact, rel=1e-10, abs=1e-14)


def test_agrees_with_convolving_beta_binomials():
    rng = np.random.default_rng(5)
    for stand, agreement in rng.uniform(0.01, 0.99, size=(20, 2, 4)):
        exact = by_convolution(stand, LARGE.to_numpy(), agreement, 7)
        assert carried(stand, TWELVE, agreement) == pytest.approx(exact, rel=1e-9)


@pytest.mark.parametrize("seats", [[100], [34, 33, 33]])
def test_the_largest_boards_keep_their_digits(seats):
    blocs = len(seats)
    together, apart = (
        carried([0.45] * blocs, partial(majority, seats=xr.DataArray(seats, dims="bloc")), agreement=r)
        for r in (0.3, 0.0)
    )
    assert together == pytest.approx(by_convolution([0.45] * blocs, seats, [0.3] * blocs, 51), rel=1e-9)
    assert apart == pytest.approx(binom.sf(50, 100, 0.45), rel=1e-12)


@settings(deadline=None)  # the first example compiles
@given(four, four)
def test_agreement_moves_no_director_only_the_majority(stand, agreement):
    arguments = {"stand": xr.DataArray(stand, dims="bloc"), "agreement": xr.DataArray(agreement, dims="bloc")}
    result = evaluate(ANY_MAJORITY, arguments)
    assert ((result >= 0) & (result <= 1)).all()
    assert (result.diff("needed") <= 1e-15).all()
    # The chances of at least 1, 2, ... votes add up to the mean number of votes.
    assert float(result.sum()) == pytest.approx(np.dot(stand, LARGE), rel=1e-12, abs=1e-300)
    # Votes against are votes for, of directors who stand the other way.
    against = evaluate(ANY_MAJORITY, arguments | {"stand": 1 - arguments["stand"]})
    np.testing.assert_allclose(result, 1 - against.to_numpy()[::-1], atol=1e-14)


@settings(deadline=None)  # the first example compiles
@given(four, four, st.integers(0, 3), st.floats(0, 1))
def test_a_firmer_stand_never_hurts(stand, agreement, bloc, firmer):
    raised = [v + (1 - v) * firmer if number == bloc else v for number, v in enumerate(stand)]
    assert carried(raised) >= carried(stand) - 1e-15
    assert carried(raised, TWELVE, agreement) >= carried(stand, TWELVE, agreement) - 1e-14


@pytest.mark.parametrize("stand", [[0.0] * 4, [1.0] * 4, [0.0, 1.0, 0.0, 1.0], [0.2, 0.5, 0.7, 0.9]])
def test_gradient_is_the_chance_to_be_pivotal(stand):
    value, gradient = SLOPES(stand=stand)
    for bloc, seats in enumerate(BOARD.to_numpy()):
        others = BOARD.to_numpy() - (np.arange(4) == bloc)
        pivotal = by_enumeration(stand, others, 2) - by_enumeration(stand, others, 3)
        assert gradient["stand"][bloc] == pytest.approx(seats * pivotal, abs=1e-14)
    assert value == pytest.approx(by_enumeration(stand, BOARD.to_numpy(), 3), abs=1e-15)


@pytest.mark.parametrize("stand", [[0.0] * 4, [1.0] * 4, [0.0, 1.0, 0.5, 0.5], [0.2, 0.5, 0.7, 0.9]])
@pytest.mark.parametrize("agreement", [[0.0] * 4, [1.0] * 4, [0.0, 1.0, 0.5, 0.5], [0.2, 0.5, 0.7, 0.9]])
def test_slopes_are_finite_and_true_everywhere(stand, agreement):
    point = {"stand": np.array(stand), "agreement": np.array(agreement)}
    value, gradient = SLOPES_TOGETHER(**point)
    for name, start in point.items():
        for bloc in range(4):
            step = 1e-6 * (1 if start[bloc] < 0.5 else -1) * (np.arange(4) == bloc)
            ahead, farther = (SLOPES_TOGETHER(**point | {name: start + steps * step})[0] for steps in (1, 2))
            # One-sided, of second order: edges have no other side.
            slope = (4 * ahead - 3 * value - farther) / (2 * step[bloc])
            assert gradient[name][bloc] == pytest.approx(slope, abs=1e-7)


def simulated(stand, seats, agreement, rng):
    """Share of boards with a majority: each bloc has a chance of its own, which its directors share."""
    votes = np.zeros(RUNS)
    for v, size, r in zip(stand, seats, agreement, strict=True):
        votes += rng.binomial(size, rng.beta(v * (1 - r) / r, (1 - v) * (1 - r) / r, size=RUNS))
    share = (votes > np.sum(seats) / 2).mean()
    return share, np.sqrt(share * (1 - share) / RUNS)


def test_agrees_with_simulated_boards_and_independent_votes_do_not():
    rng = np.random.default_rng(11)
    off, misstated = [], []
    for _ in range(8):
        stand, agreement = rng.uniform(0.1, 0.9, size=4), rng.uniform(0.1, 0.9, size=4)
        share, error = simulated(stand, LARGE.to_numpy(), agreement, rng)
        off.append(abs(carried(stand, TWELVE, agreement) - share) / error)
        misstated.append(abs(carried(stand, TWELVE) - share) / error)
    assert max(off) < 4
    assert max(misstated) > 20
    assert not max(misstated) < 4


def test_it_is_a_function_of_authority():
    assert authority.majority is majority


@pytest.mark.parametrize(("seats", "value"), [([2, -1], r"-1 \(bloc 1\)"), ([1.5, 1], r"1\.5"), ([np.nan, 1], "nan")])
def test_seats_must_be_whole(seats, value):
    with pytest.raises(ModelError, match=rf"seats is {value}.*: each bloc holds a whole number of seats, 0 or more"):
        majority(0.5, xr.DataArray(seats, dims="bloc"))


@pytest.mark.parametrize(("seats", "total"), [([[1, 1], [0, 0]], "0"), ([[1, 1], [100, 1]], "101")])
def test_a_board_has_seats_and_is_no_parliament(seats, total):
    boards = xr.DataArray(seats, dims=("regime", "bloc"), coords={"regime": ["race", "one"]})
    with pytest.raises(ModelError, match=rf"seats is {total} \(regime one\) in all: .* must lie in \[1, 100\]"):
        majority(0.5, boards)


@pytest.mark.parametrize("needed", [0, -1, 6, 2.5, np.nan])
def test_no_more_majority_than_seats(needed):
    with pytest.raises(ModelError, match=rf"needed is {needed:g}: it must be a whole number in \[1, 5\], no more"):
        majority(0.5, BOARD, needed=needed)


def test_needed_votes_are_held_to_each_board():
    boards = xr.DataArray([[3, 2], [2, 1]], dims=("regime", "bloc"))
    assert majority(0.5, boards, needed=xr.DataArray([5, 3], dims="regime")).type.dims == ("regime",)
    with pytest.raises(ModelError, match=r"needed is 4 \(regime 1\): it must be a whole number in \[1, 3\]"):
        majority(0.5, boards, needed=4)


@pytest.mark.parametrize("agreement", [-0.1, 1.1, xr.DataArray([0.5, 2, 0, 0], dims="bloc")])
def test_agreement_is_a_correlation(agreement):
    with pytest.raises(ModelError, match=r"agreement is .*: it must lie in \[0, 1\]"):
        majority(0.5, BOARD, agreement=agreement)
    with pytest.raises(ModelError, match=r"agreement is .*: it must lie in \[0, 1\]"):
        evaluate(FIVE, {"stand": 0.5, "agreement": agreement})


def test_stands_are_chances_of_these_blocs():
    with pytest.raises(ModelError, match=r"stand is 1\.5: it must lie in \[0, 1\]"):
        majority(1.5, BOARD)
    with pytest.raises(ModelError, match="stand and seats cannot be combined: dim 'bloc' has length 3 in one and 4"):
        majority(xr.DataArray([0.1, 0.2, 0.3], dims="bloc"), BOARD)
    with pytest.raises(ModelError, match="seats has no dim 'faction'; it has: bloc"):
        majority(0.5, BOARD, dim="faction")
