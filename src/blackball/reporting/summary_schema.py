"""What `summary.json` holds: the published schema of version 1.

`summary.schema.json` beside this file is `Summary.model_json_schema()`; a test keeps the two equal.  After a
change of the model write it anew with `write_schema`, and raise `SCHEMA_VERSION` if old readers would fail.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

__all__ = ["SCHEMA_VERSION", "Summary", "write_schema"]

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA_VERSION = "1"

Place = Annotated[str, Field(description="labels other than the regime, such as `horizon=2050`; empty without any")]
RegimeId = Annotated[str, Field(description="id of a regime; empty where the model has none")]
Probability = Annotated[float, Field(ge=0, le=1)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class RegimeEntry(_Entry):
    """One way of governing, and its illustrative parameters joined by ", "."""

    regime: str
    title: str
    jurisdiction: str
    start: int
    duration: str
    held_fixed: str
    illustrative: str


class Described(_Entry):
    """What an outcome means, and its unit."""

    outcome: str
    meaning: str
    unit: str


class OutcomeEntry(_Entry):
    """Posterior of one outcome in one regime, in the outcome's unit.

    `mcse` is the Monte Carlo standard error of the mean.  `p_riskier` and `ratio` (median, 90 %) set the
    regime against the reference, draw by draw; null for the reference itself, and `ratio` where the reference
    is 0.
    """

    outcome: str
    regime: RegimeId
    at: Place
    mean: float | None
    median: float | None
    q05: float | None
    q25: float | None
    q75: float | None
    q95: float | None
    mcse: float | None
    p_riskier: Probability | None
    ratio: float | None
    ratio_q05: float | None
    ratio_q95: float | None


class RankEntry(_Entry):
    """Probability that a regime is the least and the most risky; ties share."""

    outcome: str
    regime: RegimeId
    at: Place
    p_least: Probability
    p_most: Probability


class PairEntry(_Entry):
    """Regime `a` against `b`, draw by draw: `a - b` (mean, 90 %), `a / b` (median, 90 %; null at b = 0)."""

    outcome: str
    at: Place
    a: str
    b: str
    difference: float | None
    difference_q05: float | None
    difference_q95: float | None
    ratio: float | None
    ratio_q05: float | None
    ratio_q95: float | None
    p_riskier: Probability
    p_safer: Probability


class LeanEntry(_Entry):
    """What supports one result directly: published and illustrative answers, illustrative parameters."""

    outcome: str
    regime: RegimeId
    at: Place
    published: int
    illustrative: int
    share: Probability | None
    parameters: str
    leans: bool


class CombinedEntry(_Entry):
    """Weighted sum of outcomes."""

    regime: RegimeId
    at: Place
    mean: float | None
    q05: float | None
    q95: float | None


class BreakEvenEntry(_Entry):
    """Where a regime is as risky as the reference as one crux moves from `low` to `high`, all else as it is.

    `ratio_low` and `ratio_high` are how many times as risky at the ends, `value` the break-even, null without any.
    """

    outcome: str
    at: Place
    regime: str
    crux: str
    unit: str
    low: float
    high: float
    ratio_low: float | None
    ratio_high: float | None
    value: float | None
    safer: Literal["below", "above", "everywhere", "nowhere", "same"]
    p_safer: Probability | None


class BreakEvenWeightEntry(_Entry):
    """Weight of the outcome `against` at which a regime's weighted sum equals the reference's; null without any."""

    outcome: str
    against: str
    at: Place
    regime: str
    difference: float
    against_difference: float
    weight: float | None
    better: Literal["below", "above", "everywhere", "nowhere"]


class SurvivalEntry(_Entry):
    """Probability that an outcome has not happened by the end of a year; `at` holds its other labels."""

    outcome: str
    regime: RegimeId
    at: Place
    horizon: int
    mean: Probability
    median: Probability
    q05: Probability
    q25: Probability
    q75: Probability
    q95: Probability


class DrawsAllowedEntry(_Entry):
    """Draws that a stopping rule allows, of the `most` looked ahead; `exceeds_next` is null if all are allowed."""

    outcome: str
    regime: RegimeId
    at: Place
    tolerance: Probability
    alpha: Probability
    allowed: int
    most: int
    exceeds_next: Probability | None


class CoherenceEntry(_Entry):
    """What an expert's premises imply and what the expert states, on the natural scale."""

    expert: str
    conclusion: str
    premises: str
    implied: float | None
    stated: float | None
    ratio: float | None
    repeats: bool


class CheckEntry(_Entry):
    """One check of the computation."""

    name: str
    status: Literal["pass", "look", "fail"]
    value: float | None
    threshold: float | None
    advice: str


class Summary(_Entry):
    """A comparison of regimes with its provenance; no number is NaN or infinite: such are null."""

    schema_version: Literal["1"]
    model: str
    verdict: Literal["trusted", "failed"] = Field(description="failed: the numbers are not to be used")
    interval: str = Field(description="kind and level of every interval")
    reference: RegimeId
    provenance: dict[str, JsonValue]
    regimes: list[RegimeEntry]
    described: list[Described]
    outcomes: list[OutcomeEntry]
    ranks: list[RankEntry]
    pairs: list[PairEntry]
    leans: list[LeanEntry]
    illustrative_inputs: list[str]
    illustrative_priors: list[str]
    weights: dict[str, float]
    combined: list[CombinedEntry]
    break_even: list[BreakEvenEntry]
    break_even_weights: list[BreakEvenWeightEntry]
    survival: list[SurvivalEntry]
    draws_allowed: list[DrawsAllowedEntry]
    coherence: list[CoherenceEntry]
    diagnosis: list[CheckEntry]


def write_schema(path: Path) -> None:
    """Write the JSON Schema that exports obey."""
    path.write_text(json.dumps(Summary.model_json_schema(), indent=2) + "\n", encoding="utf-8")
