"""Weights theft: are the weights safer in one project, three, or many?

Question.  How likely is it that somebody steals the weights of a system of dangerous capability, if they lie in one
project, in three, in ten, or in one large project with the security of a state?

Structure.  A thief splits one effort over the projects there are.  A project's breach hazard under the whole effort
is that of an ordinary one, times what its size draws (1 - prize + prize size), times exp(spread score) for its own
security.  Each falls less often the less effort it gets, by a dilution exponent d; any one theft will do:

    w_k ~ h_k^adaptivity,    each breached = 1 - exp(-h_k w_k^d),    stolen = 1 - exp(-sum_k h_k w_k^d).

For equal projects and d < 1 more projects are always less safe: each is breached less often, some one more often.
d = .5 and a breach hazard of ln 2 give the published illustration: 50 % for one project, 33 % for each of three, 70 %
for any of three; with d = 0 any of three is breached with 87.5 %, with d = 1 splitting costs no safety.  Differences in
security make it worse, since some project is the weakest, and a thief who can tell finds it.  The best attack has
adaptivity 1 / (1 - d).  What can turn the order round is size: one large project has a state's security, and is a prize
for stronger thieves.  With the shipped numbers it is the safest unless more than about 30 % of hazard grows with size.

Judgements.  The three numbers of the illustration, whose author calls them made up, judge what follows for one project
and for three.  They have no widths of their own, so the posterior is as unsure as the usual width leaves it.  What is
said of ten projects, and of a large one, nobody has judged: it follows from the priors.

Sources.  Comment on Hadshar & Davidson, "Should there be just one Western AGI project?" (2024).  Every prior is
illustrative: no figure is published on how effort dilutes, on thieves or on differences in security.
"""

import numpy as np
import pymc as pm
import pymc.dims as pmd

from blackball.mechanisms import theft
from blackball.modelling import bounded, given, judged, outcome, positive, probability, quantities, real
from blackball.panel import Panel
from blackball.regimes import Regimes

PANEL = "weights-theft"
REGIMES = "weights-theft.toml"
CRUXES = ["dilution", "adaptivity", "spread", "prize"]
MOST = 10
SCORE = "a standard score, by definition"
WIDE = "illustrative: a wide interval where no figure is published"
FLAT = "illustrative: close to flat, so that the judgements speak"
STOLEN = "weights are stolen from at least one project"
EACH = "a given project is breached, on average over the projects there are"
BEST = "weights are stolen from at least one project by a thief who splits the effort in the best way"
PRIORS = {
    "breach": probability((0.1, 0.9), source=FLAT, varies=True),
    "dilution": probability((0.1, 0.9), source=FLAT),
    "adaptivity": positive((0.2, 5), unit="exponent of hazard in the thief's split of effort", source=WIDE),
    "spread": bounded((0.1, 1.5), (0, 2), unit="standard deviation of log hazard between projects", source=WIDE),
    "security": real(
        {str(k + 1): (-1.6449, 1.6449) for k in range(MOST)}, dim="project", unit="standard score", source=SCORE
    ),
    "prize": probability((0.02, 0.5), source=WIDE),
}


def build(panel: Panel, regimes: Regimes, experts: str = "mixture") -> pm.Model:
    """Build the thief and the projects."""
    with pm.Model(coords={"regime": regimes.names}) as model:
        q = quantities(PRIORS, regimes)
        projects = given("projects", regimes, within=(1, MOST))
        rank = pmd.Data("rank", np.arange(float(MOST)), dims="project")
        present = pmd.math.clip(projects - rank, 0.0, 1.0)

        # The hazard of each project, should the thief go for it alone.
        size = given("size", regimes, within=(0, 1e6))
        ordinary = -pmd.math.log1p(-q["breach"])
        drawn = theft.surface_hazard(ordinary, 1.0, size, base=1 - q["prize"], per_project=0.0, per_size=q["prize"])
        hazard = drawn * pmd.math.exp(q["spread"] * q["security"])

        share = theft.effort(hazard, q["adaptivity"], present=present)
        stolen = theft.any_breach_unequal(hazard, share, q["dilution"], present=present)
        outcome("stolen", stolen, meaning=STOLEN, headline=True)
        # Each project by itself, as if wholly there; part of a project then counts as that much of one.
        whole = (hazard, share / pmd.math.where(present > 0, present, 1.0))
        own_hazard, own_share = (value.expand_dims(itself=1) for value in whole)
        falls = theft.any_breach_unequal(own_hazard, own_share, q["dilution"], dim="itself")
        outcome("each_breached", (present * falls).sum("project") / projects, meaning=EACH, headline=True)
        best = theft.effort(hazard, theft.best_adaptivity(q["dilution"]), present=present)
        worst = theft.any_breach_unequal(hazard, best, q["dilution"], present=present)
        outcome("stolen_at_best", worst, meaning=BEST)
        judged(panel, experts)
    return model


if __name__ == "__main__":
    from blackball.cli import main

    main("fit", __file__)
