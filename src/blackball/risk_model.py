"""Load a risk model: a Python file with a `build(panel, regimes, experts) -> pymc.Model`."""

from __future__ import annotations

import difflib
import traceback
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from blackball.errors import BlackballError, InputError, ModelError, Problem
from blackball.panel import Panel, against_regimes
from blackball.shipped import shipped

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pymc as pm

    from blackball.regimes import Regimes

__all__ = ["RiskModel", "load_model", "model_from_source", "parameters", "shipped_model", "shipped_models"]


@dataclass(frozen=True)
class RiskModel:
    """A risk model as loaded from its file.

    Attributes
    ----------
    name : str
        Such as `one-or-many`.
    file : str
        Where it was loaded from, for messages.
    source : str
        Its text, kept with every study so that the study can be updated from itself alone.
    panel, regimes : str or None
        Shipped panel and regimes file that it is meant for; `regimes` is None for a model without regimes.
    cruxes : tuple of str
        Quantities on which its question turns.
    question : str
        First line of its docstring.
    """

    name: str
    file: str
    source: str
    panel: str | None
    regimes: str | None
    cruxes: tuple[str, ...]
    question: str
    _build: Callable[[Panel, Regimes | None, str], pm.Model]

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the source."""
        return sha256(self.source.encode()).hexdigest()

    def build(self, panel: Panel, regimes: Regimes | None, experts: str = "mixture") -> pm.Model:
        """Build the PyMC model for a panel and regimes.

        Parameters
        ----------
        panel : Panel
        regimes : Regimes or None
            None for a model without regimes.
        experts : {"mixture", "consensus"}

        Raises
        ------
        InputError
            If the panel names regimes that the regimes file has not, or the regimes set or shift what the
            model has not.
        ModelError
            If the model file raises or returns no model, or regimes are given to a model without, or missing.
        """
        self._check(panel, regimes)
        try:
            model = self._build(panel, regimes, experts)
        except BlackballError:
            raise
        except (Exception, SystemExit) as error:
            raise ModelError(_where(self.file, error)) from error
        import pymc as pm

        if not isinstance(model, pm.Model):
            raise ModelError(f"{self.file}: build returns {type(model).__name__}, not a pymc.Model")
        if regimes is not None:
            self.check_parameters(model, regimes)
        return model

    def _check(self, panel: Panel, regimes: Regimes | None) -> None:
        if regimes is None and self.regimes is not None:
            raise ModelError(f"{self.file}: the model compares regimes and needs a regimes file")
        if regimes is not None and self.regimes is None:
            raise ModelError(f"{self.file}: the model has no regimes; leave {regimes.source} out")
        problems = against_regimes(panel, regimes.names if regimes is not None else [])
        if problems:
            raise InputError(problems)

    def check_parameters(self, model: pm.Model, regimes: Regimes) -> None:
        """Refuse a regimes file that sets or shifts what the model does not have.

        Parameters
        ----------
        model : pymc.Model
            Built by this risk model.
        regimes : Regimes

        Raises
        ------
        InputError
            With every such parameter, by key.
        """
        known = parameters(model)
        stated = [
            (table, key, f"regime.{name}.{table}.{key}")
            for name, row in regimes.rows.items()
            for table, keys in (("sets", row.sets), ("shifts", row.shifts))
            for key in keys
        ]
        problems = [
            Problem(regimes.source, self._unknown(table, key, known), column=place)
            for table, key, place in stated
            if key not in known[table]
        ]
        if problems:
            raise InputError(problems)

    def _unknown(self, table: str, key: str, known: Mapping[str, set[str]]) -> str:
        """Say what is right in place of a parameter that the model does not let a regime set, or shift."""
        verb, other = ("set", "shift") if table == "sets" else ("shift", "set")
        near = difflib.get_close_matches(key, known[table], 1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        if key in known["shifts" if table == "sets" else "sets"]:
            hint = f"; {other} it instead"
        valid = ", ".join(sorted(known[table]))
        return f"the model {self.name} lets no regime {verb} this{hint} (valid: {valid})"


def parameters(model: pm.Model) -> dict[str, set[str]]:
    """Return the parameters that a regime may set and shift in a built model, under `sets` and `shifts`."""
    named = model.named_vars
    return {
        "sets": {name for name, variable in named.items() if hasattr(variable.tag, "given")},
        "shifts": {name for name, variable in named.items() if _varies(variable)},
    }


def _varies(variable: object) -> bool:
    quantity = getattr(getattr(variable, "tag", None), "quantity", None)
    return quantity is not None and bool(quantity.varies)


def shipped_models() -> dict[str, Path]:
    """Return the models that travel with the package, by name."""
    return {file.stem.replace("_", "-"): file for file in sorted(shipped("models").glob("*.py"))}


def shipped_model(name: str | Path) -> Path | None:
    """Return the model of that name that travels with the package; `-` and `_` are the same."""
    return shipped_models().get(str(name).replace("_", "-"))


def load_model(model: str | Path) -> RiskModel:
    """Load a risk model by file, or by the name of one that travels with the package.

    Parameters
    ----------
    model : str or Path
        A path to a `.py` file, or a name such as `one-or-many`.

    Raises
    ------
    InputError
        If there is no such file or model.
    ModelError
        If the file raises, or does not define `build`.
    """
    path = shipped_model(model) or Path(model)
    try:
        source = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "is not UTF-8 text"
        known = shipped_models()
        near = difflib.get_close_matches(str(model), known, 1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        rule = f"no model file can be read there ({reason}){hint}; shipped models: {', '.join(known)}"
        raise InputError([Problem(str(model), rule)]) from None
    return model_from_source(path.stem.replace("_", "-"), str(path), source)


def model_from_source(name: str, file: str, source: str) -> RiskModel:
    """Make a risk model of the text of a model file.

    Raises
    ------
    ModelError
        If the text raises when executed, or does not define `build`.
    """
    module = ModuleType(name.replace("-", "_"))
    module.__file__ = file
    try:
        exec(compile(source, file, "exec"), module.__dict__)
    except (Exception, SystemExit) as error:
        raise ModelError(_where(file, error)) from error
    build = getattr(module, "build", None)
    if not callable(build):
        raise ModelError(f"{file}: a model file defines build(panel, regimes, experts) -> pymc.Model")
    cruxes = getattr(module, "CRUXES", ())
    if not isinstance(cruxes, list | tuple) or not all(isinstance(crux, str) for crux in cruxes):
        raise ModelError(f"{file}: CRUXES is {cruxes!r}; it must be a list of names of quantities")
    question = (module.__doc__ or "").strip().partition("\n")[0]
    return RiskModel(
        name,
        file,
        source,
        getattr(module, "PANEL", None),
        getattr(module, "REGIMES", None),
        tuple(cruxes),
        question,
        build,
    )


def _where(file: str, error: BaseException) -> str:
    """Say where in the model file an exception arose, and what it says."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    if isinstance(error, SyntaxError) and error.filename == file:
        lines.append(error.lineno)
    place = f"{file}, line {lines[-1]}" if lines else file
    return f"{place}: the model raises {type(error).__name__}: {error}".removesuffix(": ")
