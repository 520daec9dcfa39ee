"""Numbers and names as people read them, the same in tables and figures."""

from __future__ import annotations

from math import floor, isnan, log10
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from typing import Any

    import pandas as pd

__all__ = [
    "DAGGER",
    "Result",
    "Told",
    "amount",
    "chance",
    "check_line",
    "illustrative_note",
    "interval_words",
    "number",
    "outcome_words",
    "place_words",
    "quantity_words",
    "regime_words",
    "riskier",
    "through_the_model",
    "verdict_words",
    "with_unit",
]

DAGGER = "†"
TINY = 1e-6


class Told(Protocol):
    """What everything that is told of a fit has: whether to believe it, and what all of it leans on."""

    @property
    def verdict(self) -> str:
        """`trusted` or `failed`."""

    @property
    def diagnosis(self) -> pd.DataFrame:
        """What was checked."""

    @property
    def illustrative_inputs(self) -> tuple[str, ...]:
        """Variables that illustrative answers judge."""

    @property
    def illustrative_priors(self) -> tuple[str, ...]:
        """Quantities whose prior is illustrative."""


class Result(Told, Protocol):
    """What tables and figures of results have besides."""

    @property
    def model(self) -> str:
        """Name of the model."""

    @property
    def regimes(self) -> pd.DataFrame:
        """What is said of each regime, the reference first."""

    @property
    def leans(self) -> pd.DataFrame:
        """What supports each result."""


def number(value: float, unit: str) -> str:
    """Write a number with two significant digits, a probability in percent but without the sign.

    Probabilities next to 0 and 1 are bounded rather than rounded to certainty: `< 0.0001`, `> 99`.
    """
    if isnan(value):
        return "–"
    if unit != "probability":
        return f"{value:.2g}"
    if 0 < value < TINY:
        return f"< {100 * TINY:.4f}"
    if 0.995 <= value < 1:
        return "> 99"
    percent = 100 * value
    digits = 0 if percent == 0 else max(0, 1 - floor(log10(abs(float(f"{percent:.1e}")))))
    return f"{percent:.{digits}f}"


def amount(value: float) -> str:
    """Write a number with three significant digits, in full where it has up to nine digits: `48,900`."""
    rounded = float(f"{value:.3g}")
    return f"{rounded:,.0f}" if 100 <= abs(rounded) < 1e9 else f"{rounded:g}"


def chance(value: float) -> str:
    """Write a probability that draws were counted for: never as certain, so not below 1 % or above 99 %."""
    if isnan(value):
        return "–"
    return "< 1 %" if value < 0.01 else "> 99 %" if value > 0.99 else f"{100 * value:.0f} %"


def riskier(row: Mapping[Hashable, Any]) -> str:
    """Write P(riskier than the reference), or `same` where the two are equal in every draw."""
    return "same" if row["ratio_q05"] == row["ratio_q95"] == 1 else chance(row["p_riskier"])


def with_unit(value: float, unit: str) -> str:
    """Write a number with two significant digits and its unit."""
    sign = "%" if unit == "probability" else unit
    return f"{number(value, unit)} {sign}" if not isnan(value) else "–"


def interval_words(low: float, high: float, unit: str) -> str:
    """Write an interval with its unit."""
    sign = "%" if unit == "probability" else unit
    return f"{number(low, unit)} – {number(high, unit)} {sign}"


def summary_words(row: Mapping[Hashable, Any], unit: str) -> tuple[str, str, str, str]:
    """Write a result's mean, median, and central 50 % and 90 % intervals."""
    middle = (with_unit(row["mean"], unit), with_unit(row["median"], unit))
    return *middle, interval_words(row["q25"], row["q75"], unit), interval_words(row["q05"], row["q95"], unit)


def outcome_words(outcome: str, unit: str) -> str:
    """Name an outcome: `P(power concentration)` for a probability."""
    spoken = outcome.replace("_", " ")
    return f"P({spoken})" if unit == "probability" else f"{spoken} ({unit})"


def quantity_words(quantity: str, label: str) -> str:
    """Name a quantity, with its label if it has one: `stands (trust)`."""
    spoken = quantity.replace("_", " ")
    return f"{spoken} ({label.partition('=')[2].replace('_', ' ')})" if label else spoken


def place_words(at: str) -> str:
    """Say where an outcome stands: `by 2050` for a horizon, `draws = 3` for other labels."""
    pairs = (pair.strip().partition("=") for pair in at.split(";") if pair.strip())
    return ", ".join(
        f"by {label}" if dim == "horizon" else f"{dim.replace('_', ' ')} = {label}" for dim, _, label in pairs
    )


def regime_words(comparison: Result) -> dict[str, str]:
    """Return each regime's title by id."""
    return dict(zip(comparison.regimes["regime"], comparison.regimes["title"], strict=True))


def verdict_words(told: Told) -> str:
    """Say whether the computation is to be trusted: one line, loud if it is not."""
    if told.verdict == "failed":
        return "DIAGNOSTICS FAILED: do not use these numbers."
    return f"Diagnostics: {told.verdict} ({len(told.diagnosis)} checks)."


def check_line(name: str, status: str, value: float, threshold: float, advice: str) -> str:
    """Say what one check found, its limit and what to do."""
    found = "" if isnan(value) else f" {value:.4g}"
    limit = "" if isnan(threshold) else f" (limit {threshold:.4g})"
    return f"{status}: {name}{found}{limit}: {advice}"


def illustrative_note(comparison: Result, mark: str = DAGGER) -> str:
    """Say which results lean on illustrative numbers, those with the mark; empty if none does."""
    sentences = []
    if comparison.leans["leans"].any():
        sentences.append(
            f"{mark} leans on illustrative numbers, nobody's published view: an illustrative judgement judges it, or "
            "no published one does and its regime or the whole panel is illustrative."
        )
    return " ".join([*sentences, *through_the_model(comparison)])


def through_the_model(told: Told) -> list[str]:
    """Say what illustrative numbers bear on every result through the model."""
    sentences = []
    if told.illustrative_inputs:
        named = ", ".join(name.replace("_", " ") for name in told.illustrative_inputs)
        sentences.append(f"Illustrative judgements of {named} may bear on every result through the model.")
    if told.illustrative_priors:
        count = len(told.illustrative_priors)
        sentences.append(f"The priors of {count} quantities of the model are illustrative as well.")
    return sentences
