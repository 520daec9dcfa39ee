"""Figures that a report shows beside those of the fit, because somebody ran what makes them: a tornado and the like.

Each takes computing that a report does not do by itself, so the results are handed to it, or their figures are read
from where they were kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from blackball.decisions import Sensitivity
from blackball.decisions.influence import Influence
from blackball.reporting.ecdf import ecdf
from blackball.reporting.pits import pits
from blackball.reporting.report.inlined import Inlined, inlined
from blackball.reporting.style import styled
from blackball.reporting.tornado import tornado
from blackball.reporting.words import illustrative_note

if TYPE_CHECKING:
    from collections.abc import Iterable

    import xarray as xr

    from blackball.inference import Calibration

    type Result = Sensitivity | Influence | Calibration

__all__ = ["KINDS", "Added", "Kind", "absent", "added", "fitting"]


class Kind(NamedTuple):
    """What a result adds: its section, which attributes of a fit say of what, what it shows, what makes it, of what."""

    section: str
    identity: tuple[str, ...]
    shows: str
    command: str
    of: str = "fit"


KINDS = {
    "sensitivity": Kind(
        "drives",
        ("fingerprint",),
        "how far each quantity alone moves each outcome (a tornado)",
        "blackball sensitivity STUDY --out STUDY/sensitivity",
    ),
    "leave-out": Kind(
        "trust",
        ("fingerprint",),
        "where each expert's answers lie among those that the others lead to expect",
        "blackball leave-out STUDY --out STUDY/leave-out",
    ),
    "calibration": Kind(
        "trust",
        ("model_hash", "experts"),
        "whether posteriors of this model hold the truth as often as they say, by simulation",
        "blackball calibrate MODEL --out STUDY/calibration",
        "model",
    ),
}


@dataclass(frozen=True)
class Added:
    """Figures of one result.

    Attributes
    ----------
    kind : str
        Of `KINDS`.
    made_of : str
        Those attributes: which fit, or which model and expert model, the result is of.
    figures : tuple of Inlined
    """

    kind: str
    made_of: str
    figures: tuple[Inlined, ...]


def added(result: Result) -> Added:
    """Draw what a report shows of a result: of a sensitivity the tornado of its first regime."""
    with styled():
        if isinstance(result, Sensitivity):
            regime = next((name for name in result.unexplained["regime"] if name), "")
            figure = inlined("tornado", tornado(result, regime), illustrative_note(result, ""))
            return Added("sensitivity", result.fingerprint, (figure,))
        if isinstance(result, Influence):
            return Added("leave-out", result.fingerprint, (inlined("pit", pits(result), ""),))
        return Added("calibration", f"{result.model_hash} {result.experts}", (inlined("ecdf", ecdf(result), ""),))


def fitting(fit: xr.DataTree, every: Iterable[Added]) -> dict[str, Added]:
    """Return by kind what is of this very fit, the last of each kind."""
    own = {name: " ".join(str(fit.attrs.get(part, "")) for part in kind.identity) for name, kind in KINDS.items()}
    return {one.kind: one for one in every if one.made_of == own[one.kind]}


def absent(fit: xr.DataTree, every: Iterable[Added]) -> list[str]:
    """Say of each kind that is not shown what it would show, why it is not there, and what makes it."""
    given = list(every)
    shown, there = fitting(fit, given), {one.kind for one in given}
    another = {name: f"made of another {kind.of}, so make it anew" for name, kind in KINDS.items()}
    return [
        f"{kind.shows}: {another[name] if name in there else 'made'} by `{kind.command}`"
        for name, kind in KINDS.items()
        if name not in shown
    ]
