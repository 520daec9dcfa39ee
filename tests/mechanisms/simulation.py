"""The whole argument played out event by event, many worlds at once, without any of its closed forms."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

SEATS = np.array([2, 2, 1])
"""Directors of each bloc: trust, founders, investors."""

NEEDED = 3


@dataclass(frozen=True)
class World:
    """Parameters of one world; a leading axis counts channels, blocs, projects, routes or years."""

    bad: np.ndarray  # chance that a draw is misaligned, per year
    bad_stolen: float
    draws: int  # per year
    draws_stolen: int
    shared_fate: float
    sophisticated: float
    aware: float
    sees: np.ndarray  # sensitivity per type (naive, sophisticated), awareness (no, yes) and channel
    stand: np.ndarray  # per bloc
    rules_changed: float
    delay: float
    window: float
    outside: float
    attack: float
    defence: float
    lead: float
    lead_scale: float
    offence_advantage: np.ndarray  # per route
    decisiveness: float
    hazard: np.ndarray  # per project
    adaptivity: float
    dilution: float
    someone_acts: float


def random_world(rng: np.random.Generator) -> World:
    """Draw a world whose catastrophe is neither rare nor sure."""
    sees = rng.uniform(0.2, 0.9, size=(2, 1, 3))
    blinded = sees * rng.uniform(0.0, 0.3, size=(2, 1, 3))  # sensitivity drops for a system that knows
    return World(
        bad=rng.uniform(0.05, 0.3, size=2),
        bad_stolen=rng.uniform(0.1, 0.5),
        draws=int(rng.integers(1, 6)),
        draws_stolen=int(rng.integers(1, 4)),
        shared_fate=rng.uniform(0.0, 0.8),
        sophisticated=rng.uniform(0.2, 0.8),
        aware=rng.uniform(0.2, 0.8),
        sees=np.concatenate([sees, blinded], axis=1),
        stand=rng.uniform(0.3, 0.9, size=3),
        rules_changed=rng.uniform(0.0, 0.5),
        delay=rng.uniform(0.0, 3.0),
        window=rng.uniform(2.0, 6.0),
        outside=rng.uniform(0.0, 0.4),
        attack=rng.uniform(0.5, 2.0),
        defence=rng.uniform(0.5, 2.0),
        lead=rng.uniform(0.0, 12.0),
        lead_scale=rng.uniform(3.0, 24.0),
        offence_advantage=rng.uniform(-2.0, 1.0, size=2),
        decisiveness=rng.uniform(0.0, 2.0),
        hazard=rng.uniform(0.05, 1.0, size=3),
        adaptivity=rng.uniform(0.0, 3.0),
        dilution=rng.uniform(0.0, 1.5),
        someone_acts=rng.uniform(0.0, 0.3),
    )


def catastrophes(world: World, runs: int, rng: np.random.Generator) -> np.ndarray:
    """Play `runs` independent histories; return in which of them a catastrophe came in some year."""
    happened = np.zeros(runs, dtype=bool)
    for bad in world.bad:
        inside = _some_draw(lambda bad=bad: _own_draw(world, bad, runs, rng), world.draws, world, runs, rng)
        thief = _some_draw(lambda: _stolen_draw(world, runs, rng), world.draws_stolen, world, runs, rng)
        acts = rng.random(runs) < world.someone_acts
        rash = acts & (rng.random(runs) < bad) & _wins(world, runs, rng)
        happened |= inside | (_theft(world, runs, rng) & thief) | rash
    return happened


def _some_draw(
    fresh: Callable[[], np.ndarray], draws: int, world: World, runs: int, rng: np.random.Generator
) -> np.ndarray:
    """Draw systems one by one from an urn of which nobody knows the make-up.

    Polya's urn: a system is like a random earlier one, in all its fate, the more surely the more there are;
    the make-up that emerges in the long run is beta-distributed.
    """
    fates = np.zeros((draws, runs), dtype=bool)
    for i in range(draws):
        like_earlier = rng.random(runs) * (i + (1 - world.shared_fate) / world.shared_fate) < i
        earlier = rng.integers(0, max(i, 1), size=runs)
        fates[i] = np.where(like_earlier, fates[earlier, np.arange(runs)], fresh())
    return fates.any(axis=0)


def _own_draw(world: World, bad: float, runs: int, rng: np.random.Generator) -> np.ndarray:
    """Follow one system: is it misaligned, is it caught, is it halted if caught, does it win if loose."""
    misaligned = rng.random(runs) < bad
    kind = (rng.random(runs) < world.sophisticated).astype(int)
    knows = (rng.random(runs) < world.aware).astype(int)
    caught = (rng.random((runs, 3)) < world.sees[kind, knows]).any(axis=1)
    loose = ~(caught & _halted(world, runs, rng))
    return misaligned & loose & _wins(world, runs, rng)


def _stolen_draw(world: World, runs: int, rng: np.random.Generator) -> np.ndarray:
    """Follow one system of a thief, whom nobody inspects."""
    return (rng.random(runs) < world.bad_stolen) & _wins(world, runs, rng)


def _halted(world: World, runs: int, rng: np.random.Generator) -> np.ndarray:
    """Hold the vote chair by chair; the rules may have changed, the time may be up, the law may act."""
    directors = np.repeat(world.stand, SEATS)
    votes = (rng.random((runs, directors.size)) < directors).sum(axis=1)
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
