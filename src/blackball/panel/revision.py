"""What one update changes in a panel: judgements that come in or are withdrawn, and experts who join."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from blackball.errors import InputError, Problem
from blackball.panel.fingerprint import fingerprint
from blackball.panel.judgements import judgements_of
from blackball.panel.schema import JUDGEMENTS
from blackball.panel.table import as_table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from blackball.panel.panel import Panel

__all__ = ["Revision"]


@dataclass(frozen=True, eq=False)
class Revision:
    """What one update changes in a panel. A correction is a withdrawal with a judgement in its place.

    Attributes
    ----------
    panel : Panel
        The panel that is changed; it itself stays as it is.
    added : pandas.DataFrame
        Typed judgements that come in.
    withdrawn : pandas.DataFrame
        Judgements of the panel that are withdrawn, with their index in it.
    joined : pandas.DataFrame
        Typed experts who join.
    """

    panel: Panel
    added: pd.DataFrame
    withdrawn: pd.DataFrame
    joined: pd.DataFrame

    @property
    def experts(self) -> list[str]:
        """Whose judgements come in or are withdrawn, sorted."""
        return sorted({*self.added["expert"], *self.withdrawn["expert"]})

    def only(self, experts: Iterable[str]) -> Revision:
        """Return the part of the changes that is by these experts; whoever joins joins all the same."""
        some = set(experts)
        parts = {name: getattr(self, name) for name in ("added", "withdrawn")}
        return replace(self, **{name: rows[rows["expert"].isin(some)] for name, rows in parts.items()})

    def applied(self) -> Panel:
        """Return the panel as it is after the changes: what was there and stays, followed by what comes in."""
        stay = self.panel.judgements.drop(self.withdrawn.index)
        together = [frame for frame in (stay, self.added) if len(frame)]
        experts = self.panel.experts
        if len(self.joined):
            experts = pd.concat([experts, self.joined], ignore_index=True)
        return replace(self.panel, experts=experts, judgements=pd.concat(together, ignore_index=True))

    def check(self) -> None:
        """Refuse changes that change nothing, or leave a panel that is none.

        Raises
        ------
        InputError
            If no judgement comes in or is withdrawn, none is left, or what is left of an answer is none.
        """
        name = self.panel.name
        if not len(self.added) and not len(self.withdrawn):
            raise InputError([Problem(name, "nothing to update: no judgement comes in and none is withdrawn")])
        if not len(self.added) and len(self.withdrawn) == len(self.panel.judgements):
            raise InputError([Problem(name, "no judgement would be left: a panel needs at least one")])
        if not len(self.withdrawn):  # what comes in was checked when it was read
            return
        changed = self.applied()
        table = as_table(changed.judgements, JUDGEMENTS, f"{name} after the update")
        problems = judgements_of(table, changed.experts, changed.questions)[1]
        if problems:
            raise InputError(problems)
        if fingerprint(changed) == fingerprint(self.panel):
            raise InputError([Problem(name, "nothing to update: what is withdrawn comes in again unchanged")])
