"""Turn a table of priors into the variables of a model.

All quantities of a model share one standard normal vector, so that a graph with thirty quantities compiles like
one with a few. A quantity that varies by regime has its prior in the reference regime; each other regime differs
from it by the effect that the regimes file states, plus a deviation of its own. The deviations of all regimes
share one learned spread, so that what is learned of one regime informs the others.

Good versions of different regimes share a cause. If a regimes file says how far government competence moves a
quantity (`competence`), one standard normal, common to all regimes and quantities, adds to their shifts by those
loadings (`blackball.mechanisms.competence`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pymc as pm
import pymc.dims as pmd
from pytensor.xtensor import as_xtensor
from pytensor.xtensor.type import XTensorVariable

from blackball.errors import ModelError
from blackball.modelling.priors import EFFECT, Quantity, real
from blackball.regimes import Regimes
from blackball.regimes.regimes import HALF_90

__all__ = ["quantities"]

# Half-normal scale of what regimes differ by beyond their stated effects, on the link scale (illustrative).
SPREAD = 0.25
COMPETENCE = real((-HALF_90, HALF_90), unit="standard deviations", source="a standard score, by definition")


class _Row(NamedTuple):
    name: str
    label: str
    quantity: Quantity
    mean: float
    sd: float


def quantities(table: Mapping[str, Quantity], regimes: Regimes | None = None) -> dict[str, XTensorVariable]:
    """Create the uncertain quantities of a model.

    Parameters
    ----------
    table : mapping of name to Quantity
        Made by `probability`, `positive`, `real` and `bounded`. Questions of the same name judge them.
    regimes : Regimes, optional
        Needed if any quantity varies by regime.

    Returns
    -------
    dict of str to XTensorVariable
        On the natural scale; dims: the quantity's own, or `("regime",)` if it varies.

    Raises
    ------
    ModelError
        If a prior is no interval inside its support, or a regime shifts a quantity by the wrong kind of effect.
    """
    rows = [
        _Row(name, label, quantity, *moments)
        for name, quantity in table.items()
        for label, moments in quantity.elicited(name).items()
    ]
    base = _base(rows)
    natural = _natural(base, [row.quantity for row in rows], "quantity")
    found: dict[str, XTensorVariable] = {}
    for name, quantity in table.items():
        places = [place for place, row in enumerate(rows) if row.name == name]
        if quantity.dim is None:
            found[name] = natural[quantity.support].isel(quantity=places[0])
        else:
            pm.modelcontext(None).add_coords({quantity.dim: list(quantity.intervals)})
            own = natural[quantity.support].isel(quantity=slice(places[0], places[-1] + 1))
            found[name] = own.rename({"quantity": quantity.dim})
    varying = {name: quantity for name, quantity in table.items() if quantity.varies}
    if varying:
        places = [place for place, row in enumerate(rows) if row.quantity.varies]
        found |= _varying(base.isel(quantity=np.asarray(places)), varying, regimes)
    return {name: _named(name, found[name], quantity) for name, quantity in table.items()}


def _named(name: str, value: XTensorVariable, quantity: Quantity) -> XTensorVariable:
    variable = pmd.Deterministic(name, value)
    variable.tag.quantity = quantity
    return variable


def _base(rows: list[_Row]) -> XTensorVariable:
    """Return all quantities on their link scale in the reference regime, dims `("quantity",)`."""
    labels = [f"{row.name}[{row.label}]" if row.label else row.name for row in rows]
    pm.modelcontext(None).add_coords({"quantity": labels})
    mean = pmd.Data("prior_mean", np.array([row.mean for row in rows]), dims="quantity")
    sd = pmd.Data("prior_sd", np.array([row.sd for row in rows]), dims="quantity")
    return mean + sd * pmd.Normal("latent", 0.0, 1.0, dims="quantity")


def _natural(base: XTensorVariable, kinds: list[Quantity], dim: str) -> dict[str, XTensorVariable]:
    """Return the whole vector on each natural scale; a quantity is then picked from that of its support."""
    lower, upper = (as_xtensor(np.array(ends), dims=(dim,)) for ends in zip(*(k.bounds for k in kinds), strict=True))
    share = pmd.math.sigmoid(base)
    return {
        "probability": share,
        "bounded": lower + (upper - lower) * share,
        "positive": pmd.math.exp(base),
        "real": base,
    }


def _varying(base: XTensorVariable, table: dict[str, Quantity], regimes: Regimes | None) -> dict[str, XTensorVariable]:
    """Return the quantities that vary, by regime."""
    if regimes is None:
        raise ModelError(f"{', '.join(table)}: vary by regime, but the model was given no regimes")
    pm.modelcontext(None).add_coords({"varying": list(table)})
    mean, variance = (
        pmd.Data(f"stated_{what}", _stated(table, regimes, what), dims=("varying", "regime"))
        for what in ("shift", "variance")
    )
    differs = as_xtensor((np.arange(len(regimes.names)) > 0).astype(float), dims=("regime",))
    spread = pmd.HalfNormal("regime_spread", SPREAD)
    deviation = pmd.Normal("deviation", 0.0, 1.0, dims=("varying", "regime"))
    shift = mean + pmd.math.sqrt(variance + spread**2) * deviation * differs
    loading = _stated(table, regimes, "competence")
    if loading.any():
        shift = shift + pmd.Data("stated_competence", loading, dims=("varying", "regime")) * _competence()
    natural = _natural(base.rename(quantity="varying") + shift, list(table.values()), "varying")
    return {name: natural[quantity.support].isel(varying=place) for place, (name, quantity) in enumerate(table.items())}


def _competence() -> XTensorVariable:
    """Return government competence: a standard score, and a real quantity that experts may judge."""
    variable = pmd.Normal("government_competence", 0.0, 1.0)
    variable.tag.quantity = COMPETENCE
    return variable


def _stated(table: dict[str, Quantity], regimes: Regimes, what: str) -> np.ndarray:
    """Return what the regimes file states of each quantity, on the link scale.

    `shift` and `variance` are the moments of its shift, `competence` what competence adds to it.
    """
    rows = []
    for name, quantity in table.items():
        shifts = regimes.shift(name)
        wrong = shifts.kinds - {EFFECT[quantity.support]}
        if wrong:
            raise ModelError(
                f"{regimes.source}: `{name}` is a {quantity.support} quantity, which a regime shifts by "
                f"`{EFFECT[quantity.support]}`, not by `{', '.join(sorted(wrong))}`"
            )
        moments = {"shift": shifts.centre, "variance": shifts.sd**2, "competence": shifts.competence}
        rows.append(moments[what].values)
    return np.array(rows)
