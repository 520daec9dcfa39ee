"""The race to the precipice: how unsafe a race makes its winner, and why knowing more can make it worse.

Claim: teams that race skimp on safety, more so the more they mind losing to each other, mostly more so the more of them
there are, and least where they know nothing of capabilities (Armstrong, Bostrom & Shulman, "Racing to the precipice",
AI & Society 2016, 10.1007/s00146-015-0590-y). Each of n teams has a capability c ~ U[0, mu] and chooses a safety s in
[0, 1]; the highest c - s wins and is safe with chance s. A team gets 1 if it wins safely, 1 - e if another does, 0
after a disaster. In the symmetric equilibrium, with K = 1 + e (n-1),

    information   safety                                        risk of the winner
    none          s = min(1, mu / (n e))                        1 - s
    private       s(c) = min(1, c / K)                          1 - E s(highest c)
    public        s = min(1, lead / e), lead over the second    1 - E s(lead)

Two readings are choices made here. Without enmity (e = 0) nobody minds losing, all can be safe, and the risk is 0.
With private information that is a jump: however small e is, K stays at 1 or more, because a team that is a little
safer than its capability warrants hands the race to a less safe one. And the formulas hold from two teams on: for n
from 1 to 2 a second team exists with chance n - 1, so that one team alone runs no race and the risk is continuous in n.

What deploys is one of two structures, chosen by name and never mixed. `winner_only`: the risk above is that of the one
winner out of n, so that 1 - (1-risk)^n would count n twice. `all_deploy`: every team deploys, each as safe as the race
makes it, and one unsafe team suffices.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytensor.xtensor as px

from blackball.errors import ModelError
from blackball.mechanisms.labelled import Labelled, Tensor
from blackball.mechanisms.logs import log_complement
from blackball.mechanisms.ranges import at_least, probability

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = [
    "INFORMATION",
    "STRUCTURES",
    "all_deploy",
    "deployed",
    "risk",
    "risk_with_private_information",
    "risk_with_public_information",
    "risk_without_information",
    "winner_only",
]

LEAST_MU = 1e-6
"""Next to no capability: the risk is within a millionth of its limit, and the powers of it in gradients are doubles."""

type Race = Callable[[Labelled, Labelled, Labelled], Tensor]
"""Chance of an unsafe deployment, by teams, mu and enmity."""


def risk_without_information(teams: Labelled, mu: Labelled, enmity: Labelled) -> Tensor:
    """Risk of the winner when no team knows any capability, its own included, ``max(0, 1 - mu / (n e))``.

    Parameters
    ----------
    teams : Labelled
        n, real and >= 1; below 2 a second team exists with chance n - 1.
    mu : Labelled
        Weight of capability against risk-taking, at least 1e-6 and finite: capabilities are uniform up to it.
    enmity : Labelled
        e, what a team loses if another wins safely, in [0, 1].

    Returns
    -------
    XTensorVariable
        Probability with the dims of the arguments together: rises with n and e, falls with mu.

    Raises
    ------
    ModelError
        If a known number is outside its range.
    """
    second, n, m, e = _read(teams, mu, enmity)
    return second * px.math.maximum(n * e - m, 0.0) / px.math.maximum(n * e, m)


def risk_with_private_information(teams: Labelled, mu: Labelled, enmity: Labelled) -> Tensor:
    """Risk of the winner when each team knows its own capability alone.

    With K = 1 + e (n-1) it is ``1 - n mu / ((n+1) K)`` if mu <= K, else ``(K / mu)^n / (n+1)``.

    Parameters
    ----------
    teams, mu, enmity : Labelled
        As for `risk_without_information`.

    Returns
    -------
    XTensorVariable
        Probability: rises with e and falls with mu, but may fall with n, since the best of more teams is abler and
        can afford more safety; from 2 teams on it rises with n where mu <= K and e >= 1 / (1 + n^2). Jumps to 0 at
        e = 0.

    Raises
    ------
    ModelError
        If a known number is outside its range.
    """
    second, n, m, e = _read(teams, mu, enmity)
    k = 1 + e * (n - 1)
    below = px.math.minimum(m, k) / k
    all_below_k = px.math.exp(n * px.math.log(k / px.math.maximum(m, k)))
    # 1 - E min(c / K, 1) for the highest c, as a sum of terms >= 0: nothing cancels where the risk is tiny.
    unsafe = px.math.maximum(k - m, 0.0) / k + below * all_below_k / (n + 1)
    return second * px.math.where(e > 0, unsafe, 0.0)


def risk_with_public_information(teams: Labelled, mu: Labelled, enmity: Labelled) -> Tensor:
    """Risk of the winner when all capabilities are known to all.

    The leader is as safe as it can be without it paying the second team to overtake: the safest of the equilibria,
    on which undercutting in turn settles. The risk is ``1 - mu / (e (n+1)) [1 - (1 - min(e, mu) / mu)^(n+1)]``.

    Parameters
    ----------
    teams, mu, enmity : Labelled
        As for `risk_without_information`.

    Returns
    -------
    XTensorVariable
        Probability: rises with n and e, falls with mu. Never below the risk without information, but below that
        with private information where enmity is small.

    Raises
    ------
    ModelError
        If a known number is outside its range.
    """
    second, n, m, e = _read(teams, mu, enmity)
    larger = px.math.maximum(m, e)
    unsafe = px.math.maximum(e - m, 0.0) / larger + m / larger * _mean_complement(e / larger, n)
    return second * unsafe


RISKS: Mapping[str, Race] = {
    "none": risk_without_information,
    "private": risk_with_private_information,
    "public": risk_with_public_information,
}

INFORMATION = tuple(RISKS)
"""What teams may know: nothing, their own capability, or all capabilities."""


def risk(information: str, teams: Labelled, mu: Labelled, enmity: Labelled) -> Tensor:
    """Risk of the winner under the named information.

    Parameters
    ----------
    information : {"none", "private", "public"}
        What teams know about capabilities.
    teams, mu, enmity : Labelled
        As for `risk_without_information`.

    Returns
    -------
    XTensorVariable
        Probability with the dims of the arguments together.

    Raises
    ------
    ModelError
        If there is no such information, or a known number is outside its range.
    """
    if information not in RISKS:
        raise ModelError(f"information is {information!r}: it must be one of {', '.join(INFORMATION)}")
    return RISKS[information](teams, mu, enmity)


def winner_only(information: str, teams: Labelled, mu: Labelled, enmity: Labelled) -> Tensor:
    """Chance that what deploys is unsafe where only the winner of the race deploys: its risk.

    The race among n teams is already in it: put into ``1 - (1-p)^n`` it would count n twice.

    Parameters
    ----------
    information, teams, mu, enmity
        As for `risk`.

    Returns
    -------
    XTensorVariable
        Probability with the dims of the arguments together.

    Raises
    ------
    ModelError
        As for `risk`.
    """
    return risk(information, teams, mu, enmity)


def all_deploy(information: str, teams: Labelled, mu: Labelled, enmity: Labelled) -> Tensor:
    """Chance that any team is unsafe where every team deploys, each as safe as racing to be first makes it.

    With no information it is ``1 - s^n``; with private, capabilities being independent, ``1 - (E s(c))^n``.

    Parameters
    ----------
    information : {"none", "private"}
        What teams know about capabilities.
    teams, mu, enmity : Labelled
        As for `risk_without_information`.

    Returns
    -------
    XTensorVariable
        Probability, at least that of `winner_only`. With private information it jumps to 0 at e = 0.

    Raises
    ------
    ModelError
        As for `risk`, and for public information: teams that know they have lost have no best safety.
    """
    if information == "public":
        raise ModelError(
            "all_deploy is undefined for public information: teams that know they have lost have no best safety; "
            "it must be one of none, private"
        )
    if information not in RISKS:
        raise ModelError(f"information is {information!r}: for all_deploy it must be one of none, private")
    second, n, m, e = _read(teams, mu, enmity)
    if information == "none":
        safe = m / px.math.maximum(n * e, m)
    else:
        k = 1 + e * (n - 1)
        below = px.math.minimum(m, k)
        # E min(c / K, 1) for one team.
        safe = px.math.where(e > 0, below / k * (1 - below / (2 * m)), 1.0)
    return second * -px.math.expm1(n * px.math.log(safe))


DEPLOYED: Mapping[str, Callable[[str, Labelled, Labelled, Labelled], Tensor]] = {
    "winner_only": winner_only,
    "all_deploy": all_deploy,
}

STRUCTURES = tuple(DEPLOYED)
"""What may deploy: the winner of the race alone, or every team."""


def deployed(structure: str, information: str, teams: Labelled, mu: Labelled, enmity: Labelled) -> Tensor:
    """Chance that anything that deploys is unsafe, under the named structure.

    Parameters
    ----------
    structure : {"winner_only", "all_deploy"}
        What deploys.
    information, teams, mu, enmity
        As for `risk`.

    Returns
    -------
    XTensorVariable
        Probability with the dims of the arguments together.

    Raises
    ------
    ModelError
        If there is no such structure, or as for the structure chosen.
    """
    if structure not in DEPLOYED:
        raise ModelError(f"structure is {structure!r}: it must be one of {', '.join(STRUCTURES)}")
    return DEPLOYED[structure](information, teams, mu, enmity)


def _read(teams: Labelled, mu: Labelled, enmity: Labelled) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Read a race: the chance that there is a second team, n of at least 2, mu and e."""
    n = at_least(1.0, "teams", teams)
    second = px.math.minimum(n - 1, 1.0)
    return second, px.math.maximum(n, 2.0), at_least(LEAST_MU, "mu", mu), probability("enmity", enmity)


def _mean_complement(x: Tensor, n: Tensor) -> Tensor:
    """Mean of ``1 - (1 - x t)^n`` over t in [0, 1], for x in [0, 1] and n >= 2."""
    switch = 0.5 / n
    # Each branch is held inside its own domain, because `where` also differentiates the branch not taken.
    low, high = px.math.minimum(x, switch), px.math.maximum(x, switch)
    # The closed form is 0 / 0 at x = 0. There the binomial series serves, with ten terms to 13 digits.
    series = 1.0
    for j in range(10, 0, -1):
        series = 1 - (n - j) * low / (j + 2) * series
    closed = 1 + px.math.expm1((n + 1) * log_complement(high)) / ((n + 1) * high)
    return px.math.where(x < switch, n * low / 2 * series, closed)
