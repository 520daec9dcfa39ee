"""How much experts and camps count."""

from __future__ import annotations

import numpy as np
import pymc as pm
import pymc.dims as pmd
import pytest
import xarray as xr

from blackball.modelling.experts.weights import camp_discount, log_weights
from tests.modelling.experts.panels import panel_like


def discounts(camps: list[str], counts: list[bool]) -> np.ndarray:
    encoded = panel_like(camps)
    answers = xr.DataArray([counts], dims=("judged", "expert"), coords={"expert": encoded["expert"]})
    return camp_discount(encoded, answers).isel(judged=0).values


def test_a_camp_of_many_is_worth_little_more_than_one() -> None:
    found = discounts(["many"] * 9 + ["one"], [True] * 10)
    assert found[:9].sum() / found[9] == pytest.approx(9 / (1 + 8 * 0.5))


def test_only_those_who_answer_share_their_camp_s_discount() -> None:
    found = discounts(["many"] * 9 + ["one"], [True] + [False] * 8 + [True])
    assert found[0] == found[9] == 1.0


def drawn(camps: list[str], *, informed: bool) -> tuple[pm.Model, np.ndarray]:
    encoded = panel_like(camps)
    with pm.Model(coords={"expert": encoded["expert"].values.tolist()}) as model:
        logs = log_weights(encoded, pmd.Data("spread", np.float64(2.0)), informed=informed)
    if not informed:
        return model, logs.values.eval()
    return model, np.asarray(pm.draw(logs.values, draws=4000, random_seed=1))


def test_without_seeds_everybody_counts_the_same() -> None:
    model, logs = drawn(["a", "b", "c"], informed=False)
    assert model.free_RVs == []
    assert logs.tolist() == [0.0, 0.0, 0.0]
    assert model["weight"].values.eval().tolist() == pytest.approx([1 / 3] * 3)


def test_with_seeds_log_weights_are_normal_about_0_with_the_spread() -> None:
    _, logs = drawn(["a", "b", "c"], informed=True)
    sd_of_sd = 2.0 / np.sqrt(2 * len(logs))
    assert np.all(np.abs(logs.std(axis=0) - 2.0) < 4 * sd_of_sd)
    assert np.all(np.abs(np.corrcoef(logs.T)[np.triu_indices(3, 1)]) < 4 / np.sqrt(len(logs)))


def test_members_of_a_camp_share_a_part_of_their_weight() -> None:
    _, logs = drawn(["x", "x", "y"], informed=True)
    correlation = np.corrcoef(logs.T)
    assert abs(correlation[0, 1] - 0.5) < 4 * 0.75 / np.sqrt(len(logs))
    assert abs(correlation[0, 2]) < 4 / np.sqrt(len(logs))
    assert np.all(np.abs(logs.std(axis=0) - 2.0) < 4 * 2.0 / np.sqrt(2 * len(logs)))
