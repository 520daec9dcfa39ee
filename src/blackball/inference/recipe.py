"""What a sweep fits again and again, as plain values that another process or machine makes the same model of."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from blackball.inference.prepare import Prepared, prepare
from blackball.inference.provenance import digest, hyperpriors_hash, versions
from blackball.inference.rebuild import regimes_of_fit
from blackball.inference.settings import Settings
from blackball.panel import Panel, fingerprint, panel_of_fit
from blackball.regimes import Regimes
from blackball.risk_model import model_from_source

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["Recipe"]


@dataclass(frozen=True)
class Recipe:
    """A risk model by its text, and what it is fitted to.

    Attributes
    ----------
    name, file, source : str
        Of the risk model.
    panel : Panel
    regimes : Regimes or None
    experts : str
    settings : Settings
    """

    name: str
    file: str
    source: str
    panel: Panel
    regimes: Regimes | None
    experts: str
    settings: Settings

    @classmethod
    def of_fit(cls, fit: xr.DataTree) -> Recipe:
        """Return the recipe of a fit."""
        attrs = fit.attrs
        return cls(
            attrs["model"],
            attrs["model_file"],
            attrs["model_source"],
            panel_of_fit(fit),
            regimes_of_fit(fit),
            attrs["experts"],
            Settings(**json.loads(attrs["settings"])),
        )

    @property
    def key(self) -> str:
        """A name for what is made of it: equal for equal inputs and versions, and for no others."""
        parts = [
            self.source,
            fingerprint(self.panel),
            self.regimes.text if self.regimes else "",
            self.experts,
            repr(self.settings),
            hyperpriors_hash(),
            json.dumps(versions()),
        ]
        return digest("\n".join(parts))[:24]

    def prepared(self) -> Prepared:
        """Build and compile the model."""
        return prepare(model_from_source(self.name, self.file, self.source), self.panel, self.regimes, self.experts)
