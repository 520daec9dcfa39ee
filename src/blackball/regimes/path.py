"""Regimes between two others: strictness moves along the way from one end to the other.

"Extremely involved regulation is effectively centralisation": licensing with strictness s moves continuously between
the open race (s = 0) and the one project (s = 1). What either end states is interpolated on its link scale:

    number   x^(1-s) y^s if x and y are above 0, else (1-s) x + s y,
    effect   odds and times: both ends of the interval as x^(1-s) y^s; plus: as (1-s) x + s y,
    competence   (1-s) x + s y.

An end that is silent on a number has the reference's, and on an effect none (a factor of 1, or 0). What the regime
itself states stands in place of all that. `blackball.mechanisms.licensing` says the same of uncertain strictness.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from blackball.errors import Problem
from blackball.regimes.schema import RegimeRow, Setting, Shift

__all__ = ["path_problems", "walked"]


class _Ends(NamedTuple):
    """A regime between others with its ends and the reference, all read."""

    row: RegimeRow
    names: tuple[str, str]
    first: RegimeRow
    second: RegimeRow
    reference: RegimeRow

    @property
    def strictness(self) -> float:
        assert self.row.strictness is not None  # it goes with `between`
        return self.row.strictness

    def settings(self, name: str) -> tuple[Setting | None, Setting | None]:
        """What each end sets a parameter to; a silent end has the reference's number."""
        default = self.reference.sets.get(name)
        return self.first.sets.get(name, default), self.second.sets.get(name, default)

    def stated(self, table: str) -> list[str]:
        """Parameters that either end sets, or shifts, and the regime itself does not state."""
        both = {**getattr(self.first, table), **getattr(self.second, table)}
        return [name for name in both if name not in self.row.sets and name not in self.row.shifts]


def path_problems(rows: Mapping[str, RegimeRow], named: Mapping[str, object], reference: str) -> Iterator[Problem]:
    """Find what is wrong with the regimes that lie between others.

    Parameters
    ----------
    rows : mapping of str to RegimeRow
        The regimes that are right in themselves, by id.
    named : mapping of str to object
        All regimes of the file, by id.
    reference : str
        Id of the reference regime.

    Yields
    ------
    Problem
        Located by key, for no file yet.
    """
    for name, row in rows.items():
        if row.between is None:
            continue
        place = f"regime.{name}.between"
        if name == reference:
            yield Problem("", "the reference lies between no others: they are stated against it", column=place)
        if row.between[0] == row.between[1]:
            yield Problem("", "the ends are two different regimes", column=place, value=list(row.between))
        for end in dict.fromkeys(row.between):
            if end not in named:
                valid = ", ".join(other for other in named if other != name)
                yield Problem("", f"is no regime of this file (valid: {valid})", column=place, value=end)
            elif end == name or (end in rows and rows[end].between is not None):
                yield Problem(
                    "", "lies between others itself; an end states its own parameters", column=place, value=end
                )
        if reference in rows and all(end in rows for end in row.between):
            ends = _ends(row, row.between, rows, reference)
            yield from (Problem("", rule, column=place) for rule in _incomparable(ends))


def walked(rows: Mapping[str, RegimeRow], reference: str) -> dict[str, RegimeRow]:
    """Give each regime between others the parameters that follow from its ends.

    Parameters
    ----------
    rows : mapping of str to RegimeRow
        All regimes of a file without problems.
    reference : str

    Returns
    -------
    dict of str to RegimeRow
        In the same order. The source of what was interpolated says so, and begins with `illustrative` if that of
        anything it was interpolated from does.
    """
    return {
        name: row if row.between is None else _between(_ends(row, row.between, rows, reference))
        for name, row in rows.items()
    }


def _ends(row: RegimeRow, names: tuple[str, str], rows: Mapping[str, RegimeRow], reference: str) -> _Ends:
    return _Ends(row, names, rows[names[0]], rows[names[1]], rows[reference])


def _incomparable(ends: _Ends) -> Iterator[str]:
    """Say of which parameters there is no way from one end to the other."""
    shifted = ends.stated("shifts")
    for name in ends.stated("sets"):
        if name in shifted:
            yield f"one end sets `{name}` and the other shifts it; this regime has to state it itself"
        elif None in ends.settings(name):
            yield f"one end sets `{name}`, the other and the reference do not; this regime has to state it itself"
    for name in shifted:
        kinds = {end.shifts[name].kind for end in (ends.first, ends.second) if name in end.shifts}
        if len(kinds) > 1:
            both = " and ".join(sorted(kinds))
            yield f"the ends shift `{name}` by {both}, but a parameter takes one kind of effect"


def _between(ends: _Ends) -> RegimeRow:
    sets = {}
    for name in ends.stated("sets"):
        first, second = ends.settings(name)
        assert first is not None  # `path_problems` saw to both
        assert second is not None
        sets[name] = _setting(ends, first, second)
    shifts = {
        name: _shift(ends, ends.first.shifts.get(name), ends.second.shifts.get(name)) for name in ends.stated("shifts")
    }
    return ends.row.model_copy(update={"sets": {**sets, **ends.row.sets}, "shifts": {**shifts, **ends.row.shifts}})


def _setting(ends: _Ends, first: Setting, second: Setting) -> Setting:
    source = _source(ends, first, second)
    if first.to is not None and second.to is not None:
        return Setting(to=_number(ends.strictness, first.to, second.to), source=source)
    if ends.strictness in (0, 1):  # also in years before the other end's schedule begins
        return (second if ends.strictness else first).model_copy(update={"source": source})
    steps = sorted({*(first.schedule or {}), *(second.schedule or {})})
    pairs = {year: (first.in_year(year), second.in_year(year)) for year in steps}
    numbers = {
        str(year): _number(ends.strictness, x, y) for year, (x, y) in pairs.items() if x is not None and y is not None
    }
    return Setting.model_validate({"schedule": numbers, "source": source})


def _shift(ends: _Ends, first: Shift | None, second: Shift | None) -> Shift:
    stated = [shift for shift in (first, second) if shift is not None]
    kind = stated[0].kind
    none = 0.0 if kind == "plus" else 1.0
    (low, high), (other_low, other_high) = (shift.interval if shift else (none, none) for shift in (first, second))
    part = _straight if kind == "plus" else _number
    competence = _straight(ends.strictness, *(shift.competence if shift else 0.0 for shift in (first, second)))
    interval = sorted([part(ends.strictness, low, other_low), part(ends.strictness, high, other_high)])
    return Shift.model_validate({kind: interval, "competence": competence, "source": _source(ends, *stated)})


def _number(strictness: float, first: float, second: float) -> float:
    """Interpolate on the log if both numbers have one; exact at both ends, and between equal numbers."""
    if first == second or first <= 0 or second <= 0:
        return _straight(strictness, first, second)
    return float(first ** (1 - strictness) * second**strictness)


def _straight(strictness: float, first: float, second: float) -> float:
    return first if first == second else (1 - strictness) * first + strictness * second


def _source(ends: _Ends, *entries: Setting | Shift) -> str:
    said = f"between {ends.names[0]} and {ends.names[1]} at strictness {ends.strictness:g}"
    if any(entry.source.lower().startswith("illustrative") for entry in entries):
        return f"illustrative: {said}"
    return f"{said}: {'; '.join(dict.fromkeys(entry.source for entry in entries))}"
