"""What is worth asking next: the result, which describes itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from blackball.decisions.information.worth import Worth

__all__ = ["Asking"]


@dataclass(frozen=True, eq=False)
class Asking:
    """What is worth asking next.

    `gain` is the expected loss that choosing a regime with the answer avoids, beyond choosing without it, in the unit
    of the loss; `sharper` the share by which the standard deviation of the losses is expected to fall. Each has its
    Monte Carlo standard error beside it; a gain of no more than two of them is not told from 0.

    Attributes
    ----------
    model : str
    weights : dict of str to float
        What each headline outcome counts in the loss.
    at : str
        Labels at which the loss is taken, such as `horizon=2050`; empty without any.
    regimes : dict of str to str
        Title by regime; empty without regimes.
    now : str
        The regime of least expected loss as things stand; empty without regimes.
    everything : Worth
        Of knowing everything: no answer is worth more.
    parameters : pandas.DataFrame
        One row a quantity, known exactly and in all its elements: parameter, gain, gain_mcse, sharper, sharper_mcse,
        told, illustrative (whether its prior is). Best first, as for questions.
    questions : pandas.DataFrame
        One row for each open question and whom to ask: question, expert (`a new expert` is one not on the panel), id,
        variable, at, regime, given, reference, judged, answers (so far), gain, gain_mcse, sharper, sharper_mcse,
        most, most_mcse (gain of knowing the answer exactly), told (whether the gain is told from 0), cost, net (gain
        less cost; NaN without regimes to choose from) and illustrative (whether what is believed of it has no published
        support of its own). Best first: by net, a gain not told from 0 taken as 0, then by sharper.
    leans : bool
        Whether the loss of some regime leans on illustrative numbers.
    illustrative_inputs, illustrative_priors : tuple of str
        As in `blackball.decisions.Comparison`.
    verdict : {"trusted", "failed"}
        Whether the computation of the fit is to be trusted.
    """

    model: str
    weights: dict[str, float]
    at: str
    regimes: dict[str, str]
    now: str
    everything: Worth
    parameters: pd.DataFrame
    questions: pd.DataFrame
    leans: bool
    illustrative_inputs: tuple[str, ...]
    illustrative_priors: tuple[str, ...]
    verdict: str

    def __str__(self) -> str:
        best = self.questions.head(10)
        lines = [
            f"ask {row.expert} about {row.question}: expected gain {row.gain:.2g} (Monte Carlo error "
            f"{row.gain_mcse:.1g}), sharper by {row.sharper:.1%}, cost {row.cost:g}"
            for row in best.itertuples()
        ]
        marked = ["leans on illustrative numbers, nobody's published view"] if self.leans else []
        return "\n".join([f"{self.model}, loss {self.weights} {self.at}".strip(), *lines, *marked, self.verdict])
