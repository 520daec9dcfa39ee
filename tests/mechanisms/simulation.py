"""The whole argument played out event by event, many worlds at once, without any of its closed forms."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

SEATS = np.array([[1, 3], [3, 1], [1, 1]])
"""Directors of each bloc (trust, founders, investors) in each year: the trust gains a majority."""

NEEDED = 3
YEARS = SEATS.shape[1]


@dataclass(frozen=True)
class World:
    """Parameters of one world; a leading axis counts channels, blocs, rivals, projects, routes or years."""

    # racing
    gap: np.ndarray  # months, per rival
    tau: float
    clause_believed: float
    rival_aligned: float
    rival_close: float
    conspicuous: float
    imitated: float
    corners_cut: float
    # the urn, and a process of controlled draws beside it
    bad: np.ndarray  # chance that a draw is misaligned, per year, without racing
    draws: int  # per year
    shared_fate: float
    draws_controlled: int  # per year
    gain: float
    share: float
    transfer: float
    # inspection
    sophisticated: float
    aware: float
    sees: np.ndarray  # sensitivity per type (naive, sophisticated), awareness (no, yes) and channel
    monitor: float
    in_forward_pass: float
    obfuscated: float
    outside_control: float
    # authority
    stand: np.ndarray  # per bloc
    agreement: np.ndarray  # per bloc
    rules_changed: float
    delay: float
    window: float
    outside: float
    # offence and defence
    attack: float
    defence: float
    lead: float
    lead_scale: float
    offence_advantage: np.ndarray  # per route
    decisiveness: float
    # theft
    hazard: np.ndarray  # per project
    adaptivity: float
    dilution: float
    thief_excess: float
    thief_pace: int  # draws per year
    thief_lag: int  # years, of the two that a thief has
    # the unilateralist
    value: float
    threshold: float
    error: float
    actors: int
    shared_beliefs: float


def random_world(rng: np.random.Generator) -> World:
    """Draw a world whose catastrophe is neither rare nor sure."""
    sees = rng.uniform(0.5, 0.95, size=(2, 1, 2))
    blinded = sees * rng.uniform(0.0, 0.1, size=(2, 1, 2))  # sensitivity drops for a system that knows
    return World(
        gap=rng.uniform(0.0, 12.0, size=3),
        tau=rng.uniform(3.0, 12.0),
        clause_believed=rng.uniform(0.3, 1.0),
        rival_aligned=rng.uniform(0.3, 1.0),
        rival_close=rng.uniform(0.3, 1.0),
        conspicuous=rng.uniform(0.0, 1.0),
        imitated=rng.uniform(0.0, 0.5),
        corners_cut=rng.uniform(0.0, 1.5),
        bad=rng.uniform(0.03, 0.2, size=YEARS),
        draws=int(rng.integers(1, 5)),
        shared_fate=rng.uniform(0.1, 0.8),
        draws_controlled=int(rng.integers(2, 7)),
        gain=rng.uniform(0.2, 1.5),
        share=rng.uniform(0.3, 1.0),
        transfer=rng.uniform(0.2, 0.8),
        sophisticated=rng.uniform(0.2, 0.8),
        aware=rng.uniform(0.3, 0.7),
        sees=np.concatenate([sees, blinded], axis=1),
        monitor=rng.uniform(0.1, 0.6),
        in_forward_pass=rng.uniform(0.1, 0.6),
        obfuscated=rng.uniform(0.1, 0.6),
        outside_control=rng.uniform(0.0, 0.1),
        stand=rng.uniform(0.3, 0.9, size=3),
        agreement=rng.uniform(0.3, 0.95, size=3),
        rules_changed=rng.uniform(0.0, 0.2),
        delay=rng.uniform(0.0, 2.0),
        window=rng.uniform(5.0, 15.0),
        outside=rng.uniform(0.0, 0.2),
        attack=rng.uniform(0.5, 2.0),
        defence=rng.uniform(0.5, 2.0),
        lead=rng.uniform(0.0, 12.0),
        lead_scale=rng.uniform(3.0, 24.0),
        offence_advantage=rng.uniform(-2.0, 0.5, size=3),
        decisiveness=rng.uniform(0.0, 2.0),
        hazard=rng.uniform(0.05, 1.0, size=3),
        adaptivity=rng.uniform(0.0, 3.0),
        dilution=rng.uniform(0.0, 1.5),
        thief_excess=rng.uniform(0.0, 1.5),
        thief_pace=int(rng.integers(1, 4)),
        thief_lag=int(rng.integers(0, 2)),
        value=rng.uniform(-2.0, -0.5),
        threshold=rng.uniform(-0.5, 0.5),
        error=rng.uniform(0.5, 2.0),
        actors=int(rng.integers(1, 8)),
        shared_beliefs=rng.uniform(0.2, 0.9),
    )


def catastrophes(world: World, runs: int, rng: np.random.Generator) -> np.ndarray:
    """Play `runs` independent histories; return in which of them a catastrophe came in some year."""
    happened = np.zeros(runs, dtype=bool)
    for year in range(YEARS):
        happened |= _in_year(world, year, runs, rng)
    return happened


def _in_year(world: World, year: int, runs: int, rng: np.random.Generator) -> np.ndarray:
    """Take every route once: own draws, controlled draws, those of a thief, a rash release."""
    bad = _tilted(world.bad[year], world.corners_cut * _pressure(world))
    stolen_bad = _tilted(bad, world.thief_excess)
    own = _some_draw(lambda: _own_draw(world, bad, year, runs, rng), world.draws, world, runs, rng)
    careful = _controlled(world, bad, year, runs, rng)
    thief_draws = world.thief_pace * (2 - world.thief_lag)
    thief = _some_draw(lambda: _stolen_draw(world, stolen_bad, runs, rng), thief_draws, world, runs, rng)
    rash = _someone_acts(world, runs, rng) & (rng.random(runs) < bad) & _wins(world, runs, rng)
    return own | careful | (_theft(world, runs, rng) & thief) | rash


def _pressure(world: World) -> float:
    """How hard the rivals press that do not leave the race, on average, and are not calmed by imitation."""
    stays = 1 - world.clause_believed * world.rival_aligned * world.rival_close
    rivalry = sum(np.exp(-gap / world.tau) * stays * (1 - world.conspicuous * world.imitated) for gap in world.gap)
    return float(rivalry / (1 + rivalry))


def _tilted(chance: float, log_odds: float) -> float:
    odds = chance / (1 - chance) * np.exp(log_odds)
    return float(odds / (1 + odds))


def _some_draw(
    fresh: Callable[[], np.ndarray], draws: int, world: World, runs: int, rng: np.random.Generator
) -> np.ndarray:
    """Draw systems one by one from an urn of which nobody knows the make-up.

    Polya's urn: a system is like a random earlier one, in all its fate, the more surely the more there are;
    the make-up that emerges in the long run is beta-distributed.
    """
    fates = np.zeros((draws, runs), dtype=bool)
    for i in range(draws):
        fates[i] = _like_an_earlier(fates[:i], fresh(), world.shared_fate, rng)
    return fates.any(axis=0)


def _like_an_earlier(
    earlier: np.ndarray, fresh: np.ndarray, correlation: float, rng: np.random.Generator
) -> np.ndarray:
    """Follow a random one of those before, or oneself."""
    before, runs = earlier.shape
    if before == 0:
        return fresh
    follows = rng.random(runs) * (before + (1 - correlation) / correlation) < before
    return np.where(follows, earlier[rng.integers(0, before, size=runs), np.arange(runs)], fresh)


def _controlled(world: World, bad: float, year: int, runs: int, rng: np.random.Generator) -> np.ndarray:
    """Draw one by one, each a little better for the work of those before if that work carries over at all."""
    carries_over = rng.random(runs) < world.transfer
    ended = np.zeros(runs, dtype=bool)
    for before in range(world.draws_controlled):
        chance = np.where(carries_over, _tilted(bad, -world.gain * world.share * before), bad)
        ended |= _own_draw(world, chance, year, runs, rng)
    return ended


def _own_draw(world: World, bad: float | np.ndarray, year: int, runs: int, rng: np.random.Generator) -> np.ndarray:
    """Follow one system: is it misaligned, is it caught, is it halted if caught, does it win if loose."""
    misaligned = rng.random(runs) < bad
    kind = (rng.random(runs) < world.sophisticated).astype(int)
    knows = (rng.random(runs) < world.aware).astype(int)
    caught = (rng.random((runs, 2)) < world.sees[kind, knows]).any(axis=1)
    hides = (rng.random(runs) < world.in_forward_pass) | (rng.random(runs) < world.obfuscated)
    caught |= (rng.random(runs) < world.monitor) & ~hides
    caught &= rng.random(runs) >= world.outside_control
    loose = ~(caught & _halted(world, year, runs, rng))
    return misaligned & loose & _wins(world, runs, rng)


def _stolen_draw(world: World, bad: float, runs: int, rng: np.random.Generator) -> np.ndarray:
    """Follow one system of a thief, whom nobody inspects."""
    return (rng.random(runs) < bad) & _wins(world, runs, rng)


def _halted(world: World, year: int, runs: int, rng: np.random.Generator) -> np.ndarray:
    """Hold the vote chair by chair; the rules may have changed, the time may be up, the law may act."""
    votes = np.zeros(runs, dtype=int)
    for seats, stand, agreement in zip(SEATS[:, year], world.stand, world.agreement, strict=True):
        cast = np.zeros((seats, runs), dtype=bool)
        for chair in range(seats):
            cast[chair] = _like_an_earlier(cast[:chair], rng.random(runs) < stand, agreement, rng)
        votes += cast.sum(axis=0)
    in_time = rng.exponential(world.window, size=runs) > world.delay
    board = (votes >= NEEDED) & (rng.random(runs) >= world.rules_changed) & in_time
    return board | (rng.random(runs) < world.outside)


def _wins(world: World, runs: int, rng: np.random.Generator) -> np.ndarray:
    """Fight by every route: the attacker wins one if its advantage, in log odds, beats a logistic shock."""
    defence = world.defence * (1 + world.lead / world.lead_scale)
    odds = world.offence_advantage + world.decisiveness * np.log(world.attack / defence)
    return (rng.logistic(size=(runs, odds.size)) < odds).any(axis=1)


def _theft(world: World, runs: int, rng: np.random.Generator) -> np.ndarray:
    """Wait for a breach of each project, at the rate its share of the effort gives; the year is one unit."""
    share = world.hazard**world.adaptivity / (world.hazard**world.adaptivity).sum()
    rate = world.hazard * share**world.dilution
    return (rng.exponential(size=(runs, rate.size)) / rate < 1).any(axis=1)


def _someone_acts(world: World, runs: int, rng: np.random.Generator) -> np.ndarray:
    """Let each actor look at the act with an error of its own and one that all share."""
    own, common = rng.normal(size=(runs, world.actors)), rng.normal(size=(runs, 1))
    error = np.sqrt(world.shared_beliefs) * common + np.sqrt(1 - world.shared_beliefs) * own
    return (world.value + world.error * error > world.threshold).any(axis=1)
