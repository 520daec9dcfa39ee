"""What a regimes file may contain.

A regime is data, not code: a statement of who governs what from when, and the parameters that it `sets` to a
known number or `shifts` by a stated effect with its 90 % interval.
"""

from __future__ import annotations

from math import isfinite
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

__all__ = ["RegimeRow", "RegimesFile", "Setting", "Shift"]


def _finite(value: float) -> float:
    if not isfinite(value):
        raise ValueError("must be a finite number")
    return value


def _interval(value: object) -> object:
    return [value, value] if isinstance(value, int | float) else value


def _ordered(value: tuple[float, float]) -> tuple[float, float]:
    if value[0] > value[1]:
        raise ValueError("the interval's low end must not exceed its high end")
    return value


def _positive(value: tuple[float, float]) -> tuple[float, float]:
    if value[0] <= 0:
        raise ValueError("a factor must be greater than 0 (1 changes nothing)")
    return value


Number = Annotated[float, Field(strict=True), AfterValidator(_finite)]
Interval = Annotated[tuple[Number, Number], BeforeValidator(_interval), AfterValidator(_ordered)]
Factor = Annotated[Interval, AfterValidator(_positive)]
Text = Annotated[str, Field(min_length=1)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Setting(_Strict):
    """A parameter that a regime sets to a known number.

    Attributes
    ----------
    to : float
        The number, in the parameter's own unit.
    source : str
        Citation, or `illustrative: why this number`.
    """

    to: Number
    source: Text


class Shift(_Strict):
    """A parameter that a regime shifts against the reference regime: a number or a 90 % interval.

    Exactly one of `odds` (factor on the odds of a probability), `times` (factor on a positive quantity) or
    `plus` (added to a real quantity).
    """

    odds: Factor | None = None
    times: Factor | None = None
    plus: Interval | None = None
    source: Text

    @model_validator(mode="after")
    def _one_effect(self) -> Shift:
        if sum(effect is not None for effect in (self.odds, self.times, self.plus)) != 1:
            raise ValueError("state exactly one effect: odds, times or plus")
        return self

    @property
    def kind(self) -> str:
        """Name of the stated effect: `odds`, `times` or `plus`."""
        return "odds" if self.odds is not None else "times" if self.times is not None else "plus"

    @property
    def interval(self) -> tuple[float, float]:
        """The effect's central 90 % interval on its own scale; equal ends mean a known effect."""
        interval = self.odds or self.times or self.plus
        assert interval is not None  # `_one_effect` saw to it
        return interval


class RegimeRow(_Strict):
    """One way of governing AI.

    Attributes
    ----------
    title, jurisdiction, duration, held_fixed : str
        What it is called in tables, where it holds, for how long, and what is held fixed when it is compared.
    summary : str
        What it is, in a sentence.
    start : int
        First calendar year in which it holds.
    sets, shifts : dict
        Parameters it sets to a number, and parameters it shifts.
    """

    title: Text
    jurisdiction: Text
    start: Annotated[int, Field(strict=True)]
    duration: Text
    held_fixed: Text
    summary: str = ""
    sets: dict[Name, Setting] = {}
    shifts: dict[Name, Shift] = {}

    @model_validator(mode="after")
    def _set_or_shifted(self) -> RegimeRow:
        both = sorted(self.sets.keys() & self.shifts.keys())
        if both:
            raise ValueError(f"{', '.join(both)}: a parameter is either set or shifted, not both")
        return self


class RegimesFile(_Strict):
    """A whole file: every regime by id, and the reference regime's id."""

    regime: Annotated[dict[Name, RegimeRow], Field(min_length=1)]
    reference: str

    @field_validator("reference")
    @classmethod
    def _reference_is_unshifted(cls, reference: str, earlier: ValidationInfo) -> str:
        regimes = earlier.data.get("regime")
        if regimes is None:  # wrong in itself, which is told already
            return reference
        if reference not in regimes:
            raise ValueError(f"is no regime of this file (valid: {', '.join(regimes)})")
        shifted = regimes[reference].shifts
        if shifted:
            raise ValueError(f"this regime shifts {', '.join(shifted)}, but shifts are stated against it")
        return reference
