"""Small fits with known draws, laid out as a real fit is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CHAINS, DRAWS = 4, 250
HORIZONS = [2030, 2050, 2100]
TITLES = {
    "status_quo": "Status quo: what forecasters expect unconditionally",
    "open_race": "Open race: no new AI policy",
    "licensing": "Licensing with mandatory testing by a national body",
    "treaty_bundle": "Compute cap in two countries, international authorisation and strict liability",
    "one_project": "One Western project",
    "moratorium": "Moratorium on frontier training",
}
OFFSETS = [0.0, 0.8, -0.7, -1.6, -0.4, -2.2]
OUTCOME = {"kind": "outcome", "headline": 1, "unit": "probability"}
CATASTROPHE = {**OUTCOME, "meaning": "AI kills at least 10 % of humanity"}
POWER = {**OUTCOME, "meaning": "a small group gains control"}


def draws_of(values: Sequence[float] | np.ndarray, dims: Sequence[str] = (), **coords: Any) -> xr.DataArray:
    """Lay samples out over chains: the first axis holds `CHAINS * DRAWS` samples, or as many as fit."""
    array = np.asarray(values, dtype=float)
    chains = CHAINS if len(array) % CHAINS == 0 else 1
    return xr.DataArray(array.reshape(chains, -1, *array.shape[1:]), dims=("chain", "draw", *dims), coords=coords)


def encoded_of(cells: Sequence[Mapping[str, Any]], experts: Sequence[str] = ("ann", "ben")) -> xr.Dataset:
    """Lay judged values out as `encode` does; a cell says who answered and whose answer is illustrative."""
    labels = [cell["judged"] for cell in cells]
    answered = [[expert in cell.get("answered", experts) for expert in experts] for cell in cells]
    illustrative = [[expert in cell.get("illustrative", ()) for expert in experts] for cell in cells]
    texts = {name: ("judged", [cell.get(name, "") for cell in cells]) for name in ("variable", "at", "regime", "given")}
    texts["question"] = ("judged", labels)
    texts["reference"] = ("judged", [cell.get("reference", "") for cell in cells])
    texts["support"] = ("judged", [cell.get("support", "probability") for cell in cells])
    return xr.Dataset(
        {
            "answered": (
                ("judged", "expert"),
                np.array(answered, dtype=bool).reshape(len(cells), len(experts)),
            ),
            "illustrative": (
                ("judged", "expert"),
                np.array(illustrative, dtype=bool).reshape(len(cells), len(experts)),
            ),
            "realisation": ("judged", [cell.get("realisation", np.nan) for cell in cells]),
            "location": (("judged", "expert"), np.resize([-0.4, 0.4], (len(cells), len(experts)))),
            "centre": ("judged", np.full(len(cells), -2.0)),
            "unit": ("judged", np.full(len(cells), 1.5)),
        },
        coords={
            "judged": labels,
            "expert": list(experts),
            "lower_bound": ("judged", [cell.get("lower_bound", 0.0) for cell in cells]),
            "upper_bound": ("judged", [cell.get("upper_bound", 1.0) for cell in cells]),
            **texts,
        },
    )


def coherence_of(rows: Sequence[tuple[str, str, str, float, float, bool]] = ()) -> xr.Dataset:
    """Lay arguments out: expert, conclusion, premises, implied and stated (link scale), repeats."""
    names = ("expert", "conclusion", "premises", "implied", "stated", "repeats")
    kinds = (object, object, object, float, float, bool)
    columns = zip(names, kinds, zip(*rows, strict=True) if rows else [()] * len(names), strict=True)
    return xr.Dataset({name: ("argument", np.array(values, dtype=kind)) for name, kind, values in columns})


def regimes_of(names: Sequence[str], illustrative: Mapping[str, str]) -> xr.Dataset:
    facts = {
        "title": [TITLES.get(name, name) for name in names],
        "jurisdiction": ["everywhere" for _ in names],
        "duration": ["to 2100" for _ in names],
        "held_fixed": ["adoption" for _ in names],
        "start": [2027 for _ in names],
        "illustrative": [illustrative.get(name, "") for name in names],
    }
    return xr.Dataset({name: ("regime", values) for name, values in facts.items()}, coords={"regime": list(names)})


def diagnosis_of(verdict: str) -> xr.Dataset:
    rhat = 1.003 if verdict == "trusted" else 1.08
    return xr.Dataset(
        {
            "name": ("check", ["r_hat", "ess_bulk", "divergences"]),
            "status": ("check", ["pass" if verdict == "trusted" else "fail", "look", "pass"]),
            "value": ("check", [rhat, np.nan, 0.0]),
            "threshold": ("check", [1.01, 400.0, 0.0]),
            "advice": ("check", ["draw longer, or reparametrise", "draw longer", "raise target_accept"]),
        }
    )


def fit_of(
    posterior: Mapping[str, xr.DataArray],
    *,
    prior: Mapping[str, xr.DataArray] | None = None,
    regimes: xr.Dataset | None = None,
    encoded: xr.Dataset | None = None,
    coherence: xr.Dataset | None = None,
    verdict: str = "trusted",
) -> xr.DataTree:
    groups = {
        "posterior": xr.Dataset(posterior),
        "prior": xr.Dataset(prior or {name: value.isel(chain=[0]) for name, value in posterior.items()}),
        "encoded": encoded_of([]) if encoded is None else encoded,
        "coherence": coherence_of() if coherence is None else coherence,
        "diagnosis": diagnosis_of(verdict),
    }
    tree = xr.DataTree.from_dict(groups if regimes is None else {**groups, "regimes": regimes})
    tree.attrs = {
        "model": "one-or-many",
        "question": "One project or many?",
        "panel": "western-projects",
        "experts": "mixture",
        "seed": np.int64(1),
        "state": 0,
        "created": "2027-01-01T00:00:00+00:00",
        "versions": json.dumps({"pymc": "6.4.0"}),
        "verdict": verdict,
        "fingerprint": "made for tests",
    }
    return tree


def governed(verdict: str = "trusted", seed: int = 0) -> xr.DataTree:
    """Six regimes, two headline outcomes, three horizons."""
    rng = np.random.default_rng(seed)
    return fit_of(
        _outcomes(rng, 0.7, CHAINS * DRAWS),
        prior=_outcomes(rng, 2.0, 500),
        regimes=regimes_of(list(TITLES), {name: "pace, breach" for name in TITLES if name != "status_quo"}),
        encoded=encoded_of(_judged()),
        verdict=verdict,
    )


def _judged() -> list[dict[str, Any]]:
    """Judge the status quo at each horizon and one ratio; power concentration and breach are illustrative."""
    absolute = [
        {"judged": f"c{year}", "variable": "catastrophe", "at": f"horizon={year}", "regime": "status_quo"}
        for year in HORIZONS
    ]
    ratio = {
        "judged": "c2030 | licensing / status_quo",
        "variable": "catastrophe",
        "at": "horizon=2030",
        "regime": "licensing",
        "reference": "status_quo",
        "support": "positive",
        "answered": ["ann"],
    }
    by_ben = {"answered": ["ben"], "illustrative": ["ben"]}
    power = [
        {"judged": f"power | {name}", "variable": "power_concentration", "regime": name, **by_ben} for name in TITLES
    ]
    breach = {"judged": "breach", "variable": "breach", "regime": "status_quo", "illustrative": ["ben"]}
    return [*absolute, ratio, *power, breach]


def _outcomes(rng: np.random.Generator, spread: float, count: int) -> dict[str, xr.DataArray]:
    shared = rng.normal(size=(count, 1, 1))
    own = rng.normal(size=(count, len(TITLES), 1))
    logit = -4.6 + np.array([0.0, 1.2, 2.2]) + np.array(OFFSETS)[:, None] + spread * (shared + 0.5 * own)
    power = -3.0 + np.linspace(0, 1.5, len(TITLES)) + spread * own[..., 0]
    names, horizons = list(TITLES), HORIZONS
    catastrophe = draws_of(1 / (1 + np.exp(-logit)), ("regime", "horizon"), regime=names, horizon=horizons)
    concentration = draws_of(1 / (1 + np.exp(-power)), ("regime",), regime=names)
    internal = draws_of(shared[:, 0, 0])
    return {
        "pace": internal.assign_attrs(kind="quantity", headline=0),
        "catastrophe": catastrophe.assign_attrs(CATASTROPHE),
        "power_concentration": concentration.assign_attrs(POWER),
    }


def ungoverned(verdict: str = "trusted") -> xr.DataTree:
    """A model without regimes: one probability, judged directly and through premises that imply another."""
    rng = np.random.default_rng(1)
    tight, wide = (1 / (1 + np.exp(2.5 - sd * rng.normal(size=count))) for sd, count in ((0.6, 1000), (2.0, 500)))
    return fit_of(
        {"catastrophe": draws_of(tight).assign_attrs(CATASTROPHE)},
        prior={"catastrophe": draws_of(wide)},
        encoded=encoded_of([{"judged": "conclusion", "variable": "catastrophe"}]),
        coherence=coherence_of([("ann", "conclusion", "p1; p2", -2.0, -5.0, False)]),
        verdict=verdict,
    )


def urn() -> xr.DataTree:
    """A model without regimes whose outcome has labels of its own."""
    rng = np.random.default_rng(2)
    bad, count = rng.beta(2, 30, size=(1000, 1)), np.array([1, 2, 3, 6, 10])
    any_bad = draws_of(1 - (1 - bad) ** count, ("draws",), draws=count)
    return fit_of({"any_misaligned": any_bad.assign_attrs(CATASTROPHE)})
