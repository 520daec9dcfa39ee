from dataclasses import dataclass, replace

import numpy as np
import pytest
import xarray as xr

from blackball.mechanisms import (
    authority,
    composition,
    contest,
    controlled,
    evaluate,
    following,
    inspection,
    racing,
    theft,
    unilateral,
)

from .simulation import SEATS, World, catastrophes, random_world

RUNS = 100_000
WORLDS = [random_world(np.random.default_rng(seed)) for seed in range(10)]
DIMS = {
    "gap": ("rival",),
    "bad": ("year",),
    "sees": ("type", "aware", "channel"),
    "stand": ("bloc",),
    "agreement": ("bloc",),
    "offence_advantage": ("route",),
    "hazard": ("project",),
}


def as_one(correlation):
    return correlation


def as_none(correlation):
    return 0 * correlation


def missed(sophisticated, aware, sees, seen_in_the_open):
    """All channels at once meet a system that knows of the test or not."""
    by_type = [
        inspection.miss_when_watched(aware, sees.isel(type=kind, aware=1), sees.isel(type=kind, aware=0))
        * (1 - seen_in_the_open)
        for kind in (0, 1)
    ]
    return inspection.miss_of_types(sophisticated, by_type[1], by_type[0])


def missed_channel_by_channel(sophisticated, aware, sees, seen_in_the_open):
    """Mis-stated: each channel meets a system that is aware or not as if it were another system."""
    sensitivity = aware * sees.isel(aware=1) + (1 - aware) * sees.isel(aware=0)
    by_type = [inspection.miss(sensitivity.isel(type=kind)) * (1 - seen_in_the_open) for kind in (0, 1)]
    return inspection.miss_of_types(sophisticated, by_type[1], by_type[0])


def transferred_draw_by_draw(bad, draws, gain, share, transfer, consequence):
    """Mis-stated: each draw's gain holds or not by itself, so that on average a share of the gain does."""
    return controlled.any_bad_controlled(bad, draws, gain * transfer, share, 1.0, consequence)


@dataclass(frozen=True)
class Statement:
    """How each mechanism is stated: rightly, or in one way wrongly."""

    missing: object = missed
    fate: object = as_one
    blocs: object = as_one
    beliefs: object = as_one
    research: object = controlled.any_bad_controlled
    lag: object = as_one
    cut: object = as_one

    def compose(
        self, gap, tau, clause_believed, rival_aligned, rival_close, conspicuous, imitated, corners_cut, bad, draws,
        shared_fate, draws_controlled, gain, share, transfer, sophisticated, aware, sees, monitor, in_forward_pass,
        obfuscated, outside_control, stand, agreement, rules_changed, delay, window, outside, attack, defence, lead,
        lead_scale, offence_advantage, decisiveness, hazard, adaptivity, dilution, thief_excess, thief_pace, thief_lag,
        value, threshold, error, actors, shared_beliefs,
    ):  # fmt: skip
        """Compose the whole argument from its closed forms."""
        merge = following.merge_and_assist(clause_believed, rival_aligned, rival_close)
        calmed = following.race_to_the_top(conspicuous, imitated)
        pressure = racing.pressure(racing.rivalry(gap, tau, merge, calmed))
        raced = racing.raced_misalignment(bad, pressure, self.cut(corners_cut))
        seen = inspection.chain_of_thought(monitor, in_forward_pass, obfuscated)
        miss = inspection.miss_outside(self.missing(sophisticated, aware, sees, seen), outside_control)
        board = authority.majority(stand, xr.DataArray(SEATS, dims=("bloc", "year")), agreement=self.blocs(agreement))
        halt = authority.either(authority.halt(board, rules_changed, delay, window), outside)
        release = authority.release(miss, halt)
        win = contest.any_route(
            contest.win(attack, contest.lead(defence, lead, lead_scale), offence_advantage, decisiveness)
        )
        fate = self.fate(shared_fate)
        stolen = theft.any_breach_unequal(hazard, theft.effort(hazard, adaptivity), dilution)
        thief_draws = theft.thief_draws(thief_pace, 2.0, self.lag(thief_lag))
        thief_bad = theft.thief_misalignment(raced, thief_excess)
        acts = unilateral.someone_acts(value, threshold, error, actors, self.beliefs(shared_beliefs))
        yearly = composition.any_of(
            composition.inside(raced, release, win, draws, fate),
            self.research(raced, draws_controlled, gain, share, transfer, release * win),
            composition.theft_route(stolen, thief_bad, win, thief_draws, fate),
            composition.rash_route(acts, raced, win),
        )
        return 1 - composition.survival(yearly)


STATED = Statement()
MISSTATED = {
    "inspection": replace(STATED, missing=missed_channel_by_channel),
    "urn": replace(STATED, fate=as_none),
    "board": replace(STATED, blocs=as_none),
    "unilateralist": replace(STATED, beliefs=as_none),
    "research": replace(STATED, research=transferred_draw_by_draw),
    "thief": replace(STATED, lag=as_none),
    "racing": replace(STATED, cut=as_none),
}


def closed_form(statement: Statement, world: World) -> float:
    values = {name: xr.DataArray(value, dims=DIMS.get(name, ())) for name, value in vars(world).items()}
    return float(evaluate(statement.compose, values))


@pytest.fixture(scope="module")
def simulated() -> list[tuple[float, float]]:
    """Share of histories with a catastrophe in each world, and its Monte Carlo standard error."""
    shares = [catastrophes(world, RUNS, np.random.default_rng(1000 + k)).mean() for k, world in enumerate(WORLDS)]
    return [(share, np.sqrt(share * (1 - share) / RUNS)) for share in shares]


def standard_errors_off(statement, simulated):
    return np.array(
        [
            abs(closed_form(statement, world) - share) / error
            for world, (share, error) in zip(WORLDS, simulated, strict=True)
        ]
    )


def test_the_composition_is_the_simulated_world(simulated):
    assert (standard_errors_off(STATED, simulated) < 4).all()


@pytest.mark.parametrize("mechanism", MISSTATED)
def test_a_misstated_mechanism_is_found_out(mechanism, simulated):
    assert (standard_errors_off(MISSTATED[mechanism], simulated) > 4).any()


def test_the_worlds_are_neither_safe_nor_lost(simulated):
    assert all(0.05 < share < 0.95 for share, _ in simulated)
