"""The thief: where it looks for weights to steal, and what it does with them.

Claim: projects differ in security and the weakest are stolen from. A thief who knows something of how secure they are
splits the effort by breach hazard h_k,

    w_k proportional to h_k^A,

where A says how well it finds weak links: 0 splits evenly, infinity takes the weakest link alone. Against
``sum_k h_k w_k^d`` with dilution exponent d (`blackball.mechanisms.theft`) the best is A = 1 / (1-d) for d < 1, where
the last hour spent on each project adds the same, and the weakest link alone for d >= 1. And a thief draws too,
uninspected, once it has got the stolen weights to run:

    n_s = pace max(years - lag, 0),    logit p_s = logit p + excess,    excess >= 0.
"""

from __future__ import annotations

import pytensor.xtensor as px

from blackball.mechanisms.labelled import Labelled, Tensor, labelled
from blackball.mechanisms.logs import floored_log, shifted
from blackball.mechanisms.ranges import Range, at_least, probability, within
from blackball.mechanisms.shared_dims import has

__all__ = ["best_adaptivity", "breach_hazard", "effort", "thief_draws", "thief_misalignment"]

WEAKEST_LINK = 1e6
"""Adaptivity that tells hazards apart which differ by a hundred-thousandth: as good as the weakest link alone."""

CERTAIN = 1e30
"""Stands for an infinite hazard or adaptivity, which have no gradient."""

NOTHING = 1e-30
"""Stands for no project in a quotient: its reciprocal is small enough that products of several are doubles."""

NOWHERE = -1e300
"""Score of a project that does not exist: no other is lower."""


def breach_hazard(hazard: Labelled) -> Tensor:
    """Read a breach hazard.

    Parameters
    ----------
    hazard : Labelled
        h >= 0: ``-log(1 - p)`` for a chance p of a breach under the whole effort, infinite for a sure one.

    Returns
    -------
    XTensorVariable
        The same, finite: infinity, which has no gradient, is read as 1e30.

    Raises
    ------
    ModelError
        If a known number is below 0.
    """
    return px.math.minimum(within(Range("hazard", 0.0), hazard), labelled(CERTAIN))


def effort(hazard: Labelled, adaptivity: Labelled, dim: str = "project", present: Labelled = 1.0) -> Tensor:
    """Split the thief's effort over projects, ``w_k`` proportional to ``h_k^A``.

    Parameters
    ----------
    hazard : Labelled
        h_k >= 0, over `dim`.
    adaptivity : Labelled
        A >= 0: 0 splits evenly, infinity goes for the weakest link alone (evenly for all of them if several are).
    dim : str, optional
        Dim that counts projects.
    present : Labelled, optional
        How much of each project there is, in [0, 1]: 0 for one that does not exist, so that regimes with one, three
        and ten projects share a dim.

    Returns
    -------
    XTensorVariable
        Shares in [0, 1] over `dim`. They sum to 1, or to 0 if there is no project; one that does not exist has none.

    Raises
    ------
    ModelError
        If a known number is outside its range, or there is no such dim.
    """
    here = probability("present", present)
    keenness = px.math.minimum(within(Range("adaptivity", 0.0), adaptivity), labelled(CERTAIN))
    scores = px.math.where(here > 0, keenness * floored_log(breach_hazard(hazard)), labelled(NOWHERE))
    # The largest score is taken out first: exp would underflow for every project at large A.
    weights = here * px.math.exp(scores - has(dim, "hazard (with present)", scores).max(dim))
    return weights / (weights.sum(dim) + NOTHING)


def best_adaptivity(dilution: Labelled) -> Tensor:
    """Adaptivity of the best attack, ``A = 1 / (1 - d)`` for d < 1.

    Parameters
    ----------
    dilution : Labelled
        d >= 0.

    Returns
    -------
    XTensorVariable
        A of `effort`, from 1 up to 1e6, which stands for the weakest link alone and is the answer for d >= 1. (With
        several equally weak links and d > 1 the best is any one of them, where `effort` splits among them.)

    Raises
    ------
    ModelError
        If a known number is below 0.
    """
    return 1 / px.math.maximum(1 - at_least(0.0, "dilution", dilution), 1 / WEAKEST_LINK)


def thief_draws(pace: Labelled, years: Labelled, lag: Labelled) -> Tensor:
    """Count the draws of a thief, ``pace max(years - lag, 0)``: none before the lag is over.

    Parameters
    ----------
    pace : Labelled
        Draws per year once the thief has got going, >= 0.
    years : Labelled
        Years since there was something to steal, >= 0.
    lag : Labelled
        Years by which a thief is behind: to steal, set up and understand what was stolen, >= 0.

    Returns
    -------
    XTensorVariable
        n_s >= 0, the `draws` of `composition.theft_route`.

    Raises
    ------
    ModelError
        If a known number is below 0.
    """
    going = px.math.maximum(at_least(0.0, "years", years) - at_least(0.0, "lag", lag), 0.0)
    return at_least(0.0, "pace", pace) * going


def thief_misalignment(bad: Labelled, excess: Labelled) -> Tensor:
    """Share of misaligned draws of a thief, who is in more of a hurry and less able, ``logit p + excess``.

    Parameters
    ----------
    bad : Labelled
        p of the project that was stolen from, in [0, 1].
    excess : Labelled
        Log odds that the thief adds, >= 0.

    Returns
    -------
    XTensorVariable
        p_s in [p, 1], the `bad` of `composition.theft_route`; 0 and 1 stay what they are.

    Raises
    ------
    ModelError
        If a known number is outside its range.
    """
    return shifted(probability("bad", bad), at_least(0.0, "excess", excess))[0]
