"""Every sampler draws from the same posterior, says how far it is, and stops when told to."""

from __future__ import annotations

import json
import os
import signal
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pymc as pm
import pytest
import xarray as xr

from blackball.errors import InputError, SetupError
from blackball.inference import Prepared, Settings, fit, prepare, sample, update
from blackball.inference.prepare import Built
from blackball.inference.samplers import choice, draw
from blackball.panel import panel_of_fit, read_panel, revise
from blackball.risk_model import load_model
from tests.conftest import JUDGEMENTS, ROOT, table
from tests.inference.mcse import mcse

needs_jax = pytest.mark.skipif(find_spec("numpyro") is None, reason="the extra `jax` is not installed")
# PyMC before NumPyro: once JAX lives in a process, PyMC runs its chains in turn.
OTHERS = ["pymc", pytest.param("numpyro", marks=needs_jax)]
COMPARED = ("any_misaligned", "latent", "population")
SETTINGS = Settings(seed=4, draws=2000)


@pytest.fixture(scope="module")
def prepared() -> Prepared:
    return prepare(load_model("urn"), read_panel(ROOT / "data" / "urn"))


@pytest.fixture(scope="module")
def fitted(prepared: Prepared) -> xr.DataTree:
    return sample(prepared, SETTINGS)


def revised(fitted: xr.DataTree, folder: Path, median: float) -> Path:
    """Write that an expert, who said .25, now says this."""
    row = {
        "expert": "illustrative",
        "question": "any_misaligned_10",
        "round": 2,
        "form": "quantile",
        "source": "a test",
    }
    levels = ((0.05, 0.4 * median), (0.5, median), (0.95, 2 * median))
    file = folder / "new.csv"
    file.write_text(table(JUDGEMENTS, [row | {"level": level, "value": value} for level, value in levels]))
    return file


def elements(tree: xr.DataTree) -> dict[str, xr.DataArray]:
    """Return the headline outcome and the free variables, element by element."""
    found = {}
    for name in COMPARED:
        draws = tree["posterior"].dataset[name]
        flat = draws.stack(element=[dim for dim in draws.dims if dim not in ("chain", "draw")], create_index=False)
        found |= {f"{name}[{i}]": flat.isel(element=i).reset_coords(drop=True) for i in range(flat.sizes["element"])}
    return found


def apart(one: xr.DataTree, other: xr.DataTree) -> set[str]:
    """Name the elements whose means are more than 4 standard errors apart."""
    pairs = {name: (draws, elements(other)[name]) for name, draws in elements(one).items()}
    return {name for name, (a, b) in pairs.items() if abs(float(a.mean() - b.mean())) > 4 * np.hypot(mcse(a), mcse(b))}


@pytest.mark.parametrize("sampler", OTHERS)
def test_a_fit_is_that_of_nutpie_and_says_who_drew(prepared: Prepared, fitted: xr.DataTree, sampler: str) -> None:
    told: list[tuple[str, int, int]] = []
    settings = Settings(seed=4, sampler=sampler)
    other = sample(prepared, settings, lambda *progress: told.append(progress))
    assert apart(other, fitted) == set()
    assert other.attrs["verdict"] == "trusted"
    assert {**other["posterior"].sizes} == {**fitted["posterior"].sizes, "draw": settings.draws}
    assert other.attrs["sampler"].split()[0] == sampler
    assert json.loads(other.attrs["settings"])["sampler"] == sampler
    assert sampler in json.loads(other.attrs["versions"])
    # The sampler's density is that of the values as they were brought to natural scales.
    parts = [array for group in ("log_likelihood", "log_prior") for array in other[group].dataset.data_vars.values()]
    inside = sum(part.sum([dim for dim in part.dims if dim not in ("chain", "draw")]) for part in parts)
    gap = inside - other["sample_stats"]["logp"]
    assert float(np.abs(gap - gap.mean()).max()) < 1e-8
    done = [count for stage, count, _ in told if stage == "sample"]
    assert done == sorted(done)
    assert len(done) > 100
    assert done[-1] == settings.chains * (settings.tune + settings.draws)


def test_a_posterior_only_a_little_different_is_told_apart(
    prepared: Prepared, fitted: xr.DataTree, tmp_path: Path
) -> None:
    panel = revise(panel_of_fit(fitted), revised(fitted, tmp_path, 0.23)).applied()
    assert apart(sample(prepared.with_panel(panel), SETTINGS), fitted)


@pytest.mark.parametrize("sampler", OTHERS)
def test_an_interrupt_stops_it_and_leaves_no_half_result(sampler: str) -> None:
    with pm.Model() as model:
        pm.Normal("real")
        pm.Exponential("positive", 1.0)

    def interrupt(stage: str, done: int, total: int) -> None:
        if stage == "sample" and done >= 400:
            os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        draw(Built(None, None, None, "", model), Settings(chains=2, sampler=sampler), interrupt)  # type: ignore[arg-type]


def test_an_interrupt_stops_nutpie(prepared: Prepared) -> None:
    told = []

    def interrupt(stage: str, done: int, total: int) -> None:
        if stage == "sample" and not told:
            told.append(done)
            os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        draw(prepared, Settings(draws=200_000), interrupt)


def test_transformed_variables_come_back_on_their_natural_scales() -> None:
    pytest.importorskip("numpyro")
    with pm.Model(coords={"kind": ["a", "b", "c"]}) as model:
        pm.Exponential("positive", 2.0)
        pm.Beta("shares", [2.0, 1.0, 3.0], 2.0, dims="kind")
    found = draw(Built(None, None, None, "", model), Settings(chains=1, sampler="numpyro"), lambda *_: None)  # type: ignore[arg-type]
    means = found.posterior.mean(("chain", "draw"))
    assert found.posterior["shares"].dims == ("chain", "draw", "kind")
    assert list(found.posterior["kind"].values) == ["a", "b", "c"]
    assert abs(float(means["positive"]) - 1 / 2) < 4 * mcse(found.posterior["positive"])
    for kind, mean in {"a": 1 / 2, "b": 1 / 3, "c": 3 / 5}.items():
        assert abs(float(means["shares"].sel(kind=kind)) - mean) < 4 * mcse(found.posterior["shares"].sel(kind=kind))


def test_a_missing_extra_is_named_before_anything_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice, "find_spec", lambda name: None)
    told: list[str] = []
    with pytest.raises(SetupError, match=r"jax and numpyro .* pip install 'blackball\[jax\]'"):
        fit(
            load_model("urn"),
            read_panel(ROOT / "data" / "urn"),
            settings=Settings(sampler="numpyro"),
            progress=lambda stage, *_: told.append(stage),
        )
    assert told == []


def test_an_unknown_sampler_is_refused() -> None:
    with pytest.raises(InputError, match="sampler has 'stan': is not one of nutpie, pymc, numpyro"):
        Settings(sampler="stan")


def test_a_refit_is_drawn_by_the_sampler_of_the_fit(
    fitted: xr.DataTree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = fitted.copy()
    other.attrs["settings"] = json.dumps(Settings(sampler="numpyro").record())
    monkeypatch.setattr(choice, "find_spec", lambda name: None)
    revision = revise(panel_of_fit(fitted), revised(fitted, tmp_path, 0.23))
    with pytest.raises(SetupError, match="sampler 'numpyro'"):
        update(other, revision, refit=True)
