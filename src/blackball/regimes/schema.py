"""What a regimes file may contain.

A regime is data, not code: a statement of who governs what from when, and the parameters that it `sets` to a
known number, or a schedule of them, or `shifts` by a stated effect with its 90 % interval. It may lie `between`
two others instead (`blackball.regimes.path`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
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


def _year(value: object) -> int:
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}", value):
        return int(value)
    raise ValueError("a calendar year has four digits")


def _forwards(value: dict[int, float]) -> dict[int, float]:
    if not value:
        raise ValueError("a schedule has at least one year")
    if list(value) != sorted(value):
        raise ValueError("the years of a schedule go forwards")
    return value


def _share(value: float) -> float:
    if not 0 <= value <= 1:
        raise ValueError("must lie in [0, 1]: 0 is the first end, 1 the second")
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
Year = Annotated[int, BeforeValidator(_year)]
Schedule = Annotated[dict[Year, Number], AfterValidator(_forwards)]
Share = Annotated[Number, AfterValidator(_share)]
Interval = Annotated[tuple[Number, Number], BeforeValidator(_interval), AfterValidator(_ordered)]
Factor = Annotated[Interval, AfterValidator(_positive)]
Text = Annotated[str, Field(min_length=1)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Setting(_Strict):
    """A parameter that a regime sets to a known number, or to one number after another.

    Attributes
    ----------
    to : float or None
        The number, in the parameter's own unit, in every year.
    schedule : mapping of int to float, or None
        In its place, the number from each calendar year on, in order: a step function.
    source : str
        Citation, or `illustrative: why this number`.
    """

    to: Number | None = None
    schedule: Schedule | None = None
    source: Text

    @model_validator(mode="after")
    def _one_or_many(self) -> Setting:
        if (self.to is None) is (self.schedule is None):
            raise ValueError("state exactly one of `to`, a number, and `schedule`, numbers by year")
        return self

    @property
    def numbers(self) -> Mapping[str, float]:
        """Every number it states, by its key below the entry: `to`, or `schedule.2027`."""
        if self.schedule is not None:
            return {f"schedule.{year}": number for year, number in self.schedule.items()}
        return {} if self.to is None else {"to": self.to}

    def in_year(self, year: int) -> float | None:
        """Return the number that holds in a calendar year; None before its schedule begins."""
        if self.schedule is None:
            return self.to
        return next((number for first, number in reversed(self.schedule.items()) if first <= year), None)


class Shift(_Strict):
    """A parameter that a regime shifts against the reference regime: a number or a 90 % interval.

    Exactly one of `odds` (factor on the odds of a probability), `times` (factor on a positive quantity) or
    `plus` (added to a real quantity).

    Attributes
    ----------
    odds, times, plus : (low, high) or None
        The effect at ordinary government competence.
    competence : float
        How far one standard deviation of government competence moves the parameter in this regime, on the
        parameter's link scale: log odds, log, or its own unit.
    source : str
        Citation, or `illustrative: why this effect`.
    """

    odds: Factor | None = None
    times: Factor | None = None
    plus: Interval | None = None
    competence: Number = 0.0
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
    between : (str, str) or None
        Ids of two regimes between which it lies; it then states only where it departs from the way between them.
    strictness : float or None
        How far along that way, in [0, 1].
    sets, shifts : dict
        Parameters it sets to a number, and parameters it shifts.
    """

    title: Text
    jurisdiction: Text
    start: Annotated[int, Field(strict=True, ge=1000, le=9999)]
    duration: Text
    held_fixed: Text
    summary: str = ""
    between: tuple[Name, Name] | None = None
    strictness: Share | None = None
    sets: dict[Name, Setting] = {}
    shifts: dict[Name, Shift] = {}

    @model_validator(mode="after")
    def _states_one_thing(self) -> RegimeRow:
        wrong = []
        both = sorted(self.sets.keys() & self.shifts.keys())
        if both:
            wrong.append(f"{', '.join(both)}: a parameter is either set or shifted, not both")
        if (self.between is None) is not (self.strictness is None):
            wrong.append("`between`, two regimes, and `strictness`, how far along, go together")
        if wrong:
            raise ValueError("; ".join(wrong))
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
