import numpy as np
import pytest
import xarray as xr

from blackball.mechanisms import authority, composition, contest, evaluate, inspection, theft

from .simulation import SEATS, World, catastrophes, random_world

RUNS = 100_000
WORLDS = [random_world(np.random.default_rng(seed)) for seed in range(10)]
DIMS = {
    "bad": ("year",),
    "sees": ("type", "aware", "channel"),
    "stand": ("bloc",),
    "offence_advantage": ("route",),
    "hazard": ("project",),
}


def missed(sophisticated, aware, sees):
    by_type = [
        inspection.miss_when_watched(aware, sees.isel(type=kind, aware=1), sees.isel(type=kind, aware=0))
        for kind in (0, 1)
    ]
    return inspection.miss_of_types(sophisticated, by_type[1], by_type[0])


def missed_channel_by_channel(sophisticated, aware, sees):
    """Mis-stated: each channel meets a system that is aware or not as if it were another system."""
    sensitivity = aware * sees.isel(aware=1) + (1 - aware) * sees.isel(aware=0)
    by_type = [inspection.miss(sensitivity.isel(type=kind)) for kind in (0, 1)]
    return inspection.miss_of_types(sophisticated, by_type[1], by_type[0])


def catastrophe(*, missing, sharing):
    """Compose the whole argument, from a statement of inspection and one of the thief's shared fate."""

    def compose(
        bad, bad_stolen, draws, draws_stolen, shared_fate, sophisticated, aware, sees, stand, rules_changed,
        delay, window, outside, attack, defence, lead, lead_scale, offence_advantage, decisiveness, hazard,
        adaptivity, dilution, someone_acts,
    ):  # fmt: skip
        board = authority.majority(stand, xr.DataArray(SEATS, dims="bloc"))
        halt = authority.either(authority.halt(board, rules_changed, delay, window), outside)
        release = authority.release(missing(sophisticated, aware, sees), halt)
        by_route = contest.win(attack, contest.lead(defence, lead, lead_scale), offence_advantage, decisiveness)
        win = composition.any_of(by_route.isel(route=0), by_route.isel(route=1))
        stolen = theft.any_breach_unequal(hazard, theft.effort(hazard, adaptivity), dilution)
        yearly = composition.any_of(
            composition.inside(bad, release, win, draws, sharing(shared_fate)),
            composition.theft_route(stolen, bad_stolen, win, draws_stolen, sharing(shared_fate)),
            composition.rash_route(someone_acts, bad, win),
        )
        return 1 - composition.survival(yearly)

    return compose


STATED = catastrophe(missing=missed, sharing=lambda shared_fate: shared_fate)
BLINDED_ONE_BY_ONE = catastrophe(missing=missed_channel_by_channel, sharing=lambda shared_fate: shared_fate)
UNSHARED = catastrophe(missing=missed, sharing=lambda shared_fate: 0 * shared_fate)


def closed_form(mechanism, world: World) -> float:
    values = {name: xr.DataArray(value, dims=DIMS.get(name, ())) for name, value in vars(world).items()}
    return float(evaluate(mechanism, values))


@pytest.fixture(scope="module")
def simulated() -> list[tuple[float, float]]:
    """Share of histories with a catastrophe in each world, and its Monte Carlo standard error."""
    shares = [catastrophes(world, RUNS, np.random.default_rng(1000 + k)).mean() for k, world in enumerate(WORLDS)]
    return [(share, np.sqrt(share * (1 - share) / RUNS)) for share in shares]


def standard_errors_off(mechanism, simulated):
    return np.array(
        [
            abs(closed_form(mechanism, world) - share) / error
            for world, (share, error) in zip(WORLDS, simulated, strict=True)
        ]
    )


def test_the_composition_is_the_simulated_world(simulated):
    assert (standard_errors_off(STATED, simulated) < 4).all()


@pytest.mark.parametrize("misstated", [BLINDED_ONE_BY_ONE, UNSHARED], ids=["inspection", "urn"])
def test_a_misstated_mechanism_is_found_out(misstated, simulated):
    assert (standard_errors_off(misstated, simulated) > 4).any()
    assert not (standard_errors_off(misstated, simulated) < 4).all()


def test_the_worlds_are_neither_safe_nor_lost(simulated):
    assert all(0.05 < share < 0.95 for share, _ in simulated)
