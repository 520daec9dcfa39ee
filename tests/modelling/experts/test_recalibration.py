"""Parameters start at the population's values."""

from __future__ import annotations

import csv

import numpy as np
import pymc as pm
import pytest
import xarray as xr
from scipy import stats

from blackball.modelling.experts import EXPERT_MODELS, hyperpriors, recalibration
from blackball.modelling.experts.hyperpriors import constants
from tests.conftest import ROOT

HYPER = xr.Dataset(
    {
        "median": ("hyperparameter", [0.5, -1.0, 3.0]),
        "sd": ("hyperparameter", [0.4, 0.2, 0.0]),
        "log": ("hyperparameter", [True, False, True]),
    },
    coords={"hyperparameter": ["width", "narrow", "known"]},
)


def test_a_positive_parameter_is_log_normal_and_another_normal() -> None:
    with pm.Model() as model:
        value = recalibration(HYPER)
    drawn = pm.draw([value[name].values for name in ("width", "narrow", "known")], draws=2000, random_seed=2)
    assert stats.kstest(np.log(drawn[0]), stats.norm(np.log(0.5), 0.4).cdf).pvalue > 1e-3
    assert stats.kstest(drawn[1], stats.norm(-1.0, 0.2).cdf).pvalue > 1e-3
    assert np.allclose(drawn[2], 3.0)
    assert model.named_vars_to_dims["recalibration"] == ("hyperparameter",)


@pytest.mark.parametrize("experts", [*EXPERT_MODELS, "events"])
def test_the_shipped_table_has_every_model_and_is_in_range(experts: str) -> None:
    hyper = hyperpriors(experts)
    assert hyper.sizes["hyperparameter"] > 0
    assert (hyper["sd"] > 0).all()
    assert (hyper["median"].where(hyper["log"], 1.0) > 0).all()


def test_every_row_of_the_table_says_what_it_means_and_where_it_is_from() -> None:
    with (ROOT / "data" / "hyperpriors.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert all(row["meaning"] and row["source"] and row["model"] and row["name"] for row in rows)
    assert {row["model"] for row in rows} == {*EXPERT_MODELS, "events", "panel"}
    assert {row["name"] for row in rows if not row["sd"]} == set(constants())
