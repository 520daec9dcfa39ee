"""The race in equilibrium: how risky it is, by number of teams, enmity and what teams know of each other.

Question.  Several teams race to build the first powerful system, and only the winner deploys it.  How likely is it
that the winner skimped on safety so much that its system is a disaster?

Structure.  Each of n teams has a capability, uniform between 0 and mu, and chooses a safety between 0 and 1.  The
highest capability less safety wins and is safe with a chance equal to its safety.  A team gains 1 if it wins safely,
1 less the enmity if another does, and nothing after a disaster.  `risk` is that of the one winner in the symmetric
equilibrium, where teams know no capability (`none`), their own (`private`) or all (`public`).  The race among n teams
is in it already: it is the chance of one deployment and never the share of bad balls in an urn of n draws, which
would count n twice.  Beside it stand two outcomes of another structure, in which every team deploys, each as safe as
the race makes it, and one unsafe team suffices; with public information teams that know they have lost have no best
safety, and there is no such outcome.

Knowing more raises the risk.  A team that knows it is behind skimps to catch up, and one that is ahead by little skimps
to stay there: knowing one's own capability, or all of them, is never safer than knowing none.  Between the two there is
no one order: private information is never the safer where mu <= 1, and public information never where enmity is full;
in between either may be, and less enmity may move the order either way.  More enmity never lowers the risk and more
weight of capability never raises it; more teams never lower it with no or public information, but may with private
information, since the best of many is abler.  Without information the risk is exactly 0 where mu >= n times enmity, as
in many draws: the model says so, and no judgement of that risk is asked for.

Judgements.  Illustrative ones of enmity, an input, and of the risk of five teams with private information, an output:
the posterior satisfies both, so that what is left to learn is the weight of capability.  Nobody's published view.

Sources.  Armstrong, Bostrom & Shulman, "Racing to the precipice", AI & Society 2016 (10.1007/s00146-015-0590-y).
"""

import pymc as pm
import pymc.dims as pmd

from blackball.mechanisms import precipice
from blackball.modelling import judged, outcome, positive, probability, quantities
from blackball.panel import Panel

PANEL = "precipice"
TEAMS = [2, 3, 5, 10]
WIDE = "illustrative: a wide interval where no figure is published"
AROUND = "illustrative: from capability that hardly counts to capability that leaves little to skimp for"
RISK = "the system of the one winner is unsafe"
ALL_NONE = "some team's system is unsafe where all deploy and none knows any capability"
ALL_PRIVATE = "some team's system is unsafe where all deploy and each knows its own capability"
PRIORS = {
    "mu": positive((0.2, 20), unit="weight of capability against risk-taking", source=AROUND),
    "enmity": probability((0.05, 0.95), source=WIDE),
}


def build(panel: Panel, regimes: None = None, experts: str = "mixture") -> pm.Model:
    """Build the race, for each number of teams and what they know."""
    with pm.Model(coords={"information": precipice.INFORMATION, "teams": TEAMS}) as model:
        q = quantities(PRIORS)
        teams = pmd.Data("number_of_teams", [float(n) for n in TEAMS], dims="teams")
        race = (teams, q["mu"], q["enmity"])
        risks = [precipice.winner_only(known, *race).expand_dims("information") for known in precipice.INFORMATION]
        outcome("risk", pmd.concat(risks, dim="information"), meaning=RISK, headline=True)
        outcome("any_unsafe_without_information", precipice.all_deploy("none", *race), meaning=ALL_NONE)
        outcome("any_unsafe_with_private_information", precipice.all_deploy("private", *race), meaning=ALL_PRIVATE)
        judged(panel, experts)
    return model


if __name__ == "__main__":
    from blackball.cli import main

    main("fit", __file__)
