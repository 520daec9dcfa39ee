"""Power-seeking AI: six conditional premises, for any of the deployed systems and for a given one.

Question.  How likely is an existential catastrophe from power-seeking AI by 2070, and how much lower would it come
out if a premise about all deployed systems together were read of one given system?

Structure.  The catastrophe needs all six premises, each conditional on those before it, so its probability is their
product.  `high_impact_failures` says that some of the deployed systems seek power with high impact: a statement about
any of them.  It follows from the chance that one given system does, the number of systems and how far they share fate,
any = 1 - P(no bad draw), the beta-binomial urn.  Reading it of a given system is the known flaw of such chains;
`catastrophe_by_a_given_system` is what the chain then gives.  The two agree only for one system, or complete shared
fate.

Judgements.  Carlsmith judges the premises; so do superforecasters (2023), who also state the conclusion directly, and
not as their premises imply.  Both judge the chance for any system.  Nobody judges that of a given system: it rests on
the illustrative priors of `given_system`, `systems` and `shared_fate`, which leave the prior of `high_impact_failures`
wide and centred near one half.

Sources.  Carlsmith, "Is Power-Seeking AI an Existential Risk?" (arXiv 2206.13353); the urn after Skellam (1948,
10.1111/j.2517-6161.1948.tb00014.x).
"""

from functools import reduce
from operator import mul

import pymc as pm

from blackball.mechanisms import urn
from blackball.modelling import bounded, judged, outcome, probability, quantities
from blackball.panel import Panel

PANEL = "power-seeking"
FLAT = "illustrative: close to flat, so that the judgements speak"
WIDE = "illustrative: a wide interval where no figure is published"
GIVEN = "illustrative: wide, so that the prior chance of any high-impact failure is centred near one half"
PRIORS = {
    "timelines": probability((0.02, 0.98), source=FLAT),
    "incentives": probability((0.02, 0.98), source=FLAT),
    "alignment_hard": probability((0.02, 0.98), source=FLAT),
    "disempowerment": probability((0.02, 0.98), source=FLAT),
    "existential": probability((0.02, 0.98), source=FLAT),
    "given_system": probability((0.01, 0.8), source=GIVEN),
    "systems": bounded((2, 400), (1, 1000), unit="deployed systems, copies counted once", source=WIDE),
    "shared_fate": probability((0.05, 0.95), source=WIDE),
}
OTHERS = ["timelines", "incentives", "alignment_hard", "disempowerment", "existential"]
ANY = "some deployed systems seek power with high impact, given the premises before"
GIVEN_FAILS = "one given deployed system seeks power with high impact, given the premises before"
MISREAD = "what the chain gives if its premise about any system is read, wrongly, of one given system"


def build(panel: Panel, regimes: None = None, experts: str = "mixture") -> pm.Model:
    """Build the chain of premises."""
    with pm.Model() as model:
        q = quantities(PRIORS)
        others = reduce(mul, (q[name] for name in OTHERS))
        any_system = urn.any_bad(q["given_system"], q["systems"], q["shared_fate"])
        failures = outcome("high_impact_failures", any_system, meaning=ANY)
        outcome("catastrophe", others * failures, meaning="existential catastrophe by 2070", headline=True)
        given = outcome("high_impact_failure_of_a_given_system", q["given_system"], meaning=GIVEN_FAILS, headline=True)
        outcome("catastrophe_by_a_given_system", others * given, meaning=MISREAD, headline=True)
        judged(panel, experts)
    return model


if __name__ == "__main__":
    from blackball.cli import main

    main("fit", __file__)
