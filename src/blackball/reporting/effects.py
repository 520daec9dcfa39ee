"""What regimes do to parameters, as tables for the terminal: the effects of a file, and what a model lets it change."""

from __future__ import annotations

from itertools import zip_longest
from textwrap import wrap
from typing import TYPE_CHECKING

from rich import box
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from blackball.reporting.words import DAGGER
from blackball.risk_model import parameters

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pymc as pm

    from blackball.modelling.given import Given
    from blackball.modelling.priors import Quantity
    from blackball.regimes import Regimes
    from blackball.regimes.schema import RegimeRow, Setting, Shift

__all__ = ["effects_table", "parameters_table", "setting_words", "shift_words"]

WORDS = {"odds": "odds × {}", "times": "× {}", "plus": "+ {}"}
# Titles break here, and an effect with its dagger fits, so that 80 columns break only long schedules.
TITLE_WIDTH, EFFECT_WIDTH = 20, 27
NOTE = f"{DAGGER} illustrative: nobody's published view."
COMPETENCE = (
    "per sd: what one standard deviation of government competence, one and the same in all regimes, adds to the "
    "log odds (odds), the log (×) or the number itself (+)."
)


def effects_table(regimes: Regimes) -> Group:
    """Lay out what each regime does to each parameter, against the reference.

    Parameters
    ----------
    regimes : Regimes

    Returns
    -------
    rich.console.Group
        One row for each regime and parameter, and footnotes; 80 columns are enough.
    """
    loaded = any(shift.competence for row in regimes.effective.values() for shift in row.shifts.values())
    marked = any(regimes.illustrative(name) for name in regimes.names)
    reference = regimes.effective[regimes.reference]
    table = _table(f"What each regime changes, against {reference.title}")
    table.add_column("Regime")
    table.add_column("Parameter", overflow="fold")
    table.add_column("Effect", min_width=EFFECT_WIDTH)
    if loaded:
        table.add_column("per sd", justify="right", min_width=6)
    for row in regimes.effective.values():
        cells = _effects(row, {} if row is reference else reference.sets) or [("", "changes nothing", "")]
        named = _named(row, row is reference)
        pairs = [*zip_longest(named, cells, fillvalue=None)]
        for place, (words, cell) in enumerate(pairs):
            columns = (cell or ("", "", ""))[: 3 if loaded else 2]
            table.add_row(words or "", *columns, end_section=place == len(pairs) - 1)
    notes = [note for note, told in ((NOTE, marked), (COMPETENCE, loaded)) if told]
    return Group(table, *(Text(note, style="dim") for note in notes))


def parameters_table(model: pm.Model, regimes: Regimes) -> Group:
    """Lay out which parameters of a model a regime may set, and which it may shift.

    Parameters
    ----------
    model : pymc.Model
        As `RiskModel.build` returns it.
    regimes : Regimes
        Its reference's numbers are shown.

    Returns
    -------
    rich.console.Group
        Two tables; 80 columns are enough.
    """
    known = parameters(model)
    reference = regimes.rows[regimes.reference].sets
    sets = _table("What a regime may set")
    for column in ("Parameter", f"In {regimes.rows[regimes.reference].title}", "May be"):
        sets.add_column(column)
    for name in sorted(known["sets"]):
        entry = reference.get(name)
        number = "not set, but has to be" if entry is None else setting_words(entry) + _dagger(entry)
        sets.add_row(escape(name), number, _allowed(model[name].tag.given))
    shifts = _table("What a regime may shift")
    for column in ("Parameter", "By", "Support", "Unit", "Prior, 90 %"):
        shifts.add_column(column)
    for name in sorted(known["shifts"]):
        shifts.add_row(escape(name), *_shiftable(model[name].tag.quantity))
    parts: list[RenderableType] = [sets, "", shifts, Text(NOTE, style="dim")]
    return Group(*parts)


def _table(title: str) -> Table:
    return Table(title=escape(title), title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, show_edge=False)


def _named(row: RegimeRow, is_reference: bool) -> list[str]:
    """Name a regime, in as many cells as it takes; the reference, and one between others, say what they are."""
    said = "the reference" if is_reference else ""
    if row.between is not None:
        said = f"{row.strictness:g} of the way from {row.between[0]} to {row.between[1]}"
    note = [f"[dim]{line}[/]" for line in wrap(said, TITLE_WIDTH)]
    return [*(escape(line) for line in wrap(row.title, TITLE_WIDTH)), *note]


def _effects(row: RegimeRow, reference: Mapping[str, Setting]) -> list[tuple[str, str, str]]:
    """Return name, effect and competence of each parameter that a regime states."""
    sets = [(name, _changed(entry, reference.get(name)) + _dagger(entry), "") for name, entry in row.sets.items()]
    shifts = [(name, shift_words(entry) + _dagger(entry), _loading(entry)) for name, entry in row.shifts.items()]
    return [*sets, *shifts]


def _changed(entry: Setting, reference: Setting | None) -> str:
    """Say what the reference has and what the regime sets."""
    if reference is None:
        return setting_words(entry)
    same = (entry.to, entry.schedule) == (reference.to, reference.schedule)
    return f"stays {setting_words(entry)}" if same else f"{setting_words(reference)} → {setting_words(entry)}"


def setting_words(entry: Setting) -> str:
    """Write the number that a regime sets, or its numbers by year."""
    if entry.schedule is None:
        return f"{entry.to:.3g}"
    return ", ".join(f"{number:.3g} from {year}" for year, number in entry.schedule.items())


def shift_words(entry: Shift) -> str:
    """Write the effect by which a regime shifts a parameter, with its interval if it is uncertain."""
    low, high = entry.interval
    return WORDS[entry.kind].format(f"{low:.3g}" if low == high else f"{low:.3g} to {high:.3g} (90 %)")


def _loading(entry: Shift) -> str:
    return f"{entry.competence:+.2g}" if entry.competence else ""


def _dagger(entry: Setting | Shift) -> str:
    return f" {DAGGER}" if entry.source.lower().startswith("illustrative") else ""


def _allowed(given: Given) -> str:
    if given.years is None:
        return str(given)
    return f"{given}, or a schedule from {min(given.years)} or earlier"


def _shiftable(quantity: Quantity) -> tuple[str, str, str, str]:
    """Return how a regime shifts a quantity, its support, unit and prior."""
    from blackball.modelling.priors import EFFECT  # brings PyMC, which the other table does without

    prior = "; ".join(f"{low:g} to {high:g}" for low, high in quantity.intervals.values())
    mark = f" {DAGGER}" if quantity.source.lower().startswith("illustrative") else ""
    return EFFECT[quantity.support], quantity.support, escape(quantity.unit), prior + mark
