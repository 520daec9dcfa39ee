"""Power-seeking AI: six conditional premises and their product, judged by two groups.

Question.  How likely is an existential catastrophe from power-seeking AI by 2070?

Structure.  The catastrophe needs all six premises, each conditional on those before it, so its probability is
their product.  Carlsmith, "Is Power-Seeking AI an Existential Risk?" (arXiv 2206.13353), judges the premises; so do
superforecasters (2023), who also state the conclusion directly, and not as their premises imply.  The posterior
has to reconcile the two; who judges premises and conclusion counts as one source, and `compare` shows the gap.
"""

from functools import reduce
from operator import mul

import pymc as pm

from blackball.modelling import judged, outcome, probability, quantities
from blackball.panel import Panel

PANEL = "power-seeking"
PREMISES = [
    "timelines",
    "incentives",
    "alignment_hard",
    "high_impact_failures",
    "disempowerment",
    "existential",
]
FLAT = "illustrative: close to flat, so that the judgements speak"


def build(panel: Panel, regimes: None = None, experts: str = "mixture") -> pm.Model:
    """Build the chain of premises."""
    with pm.Model() as model:
        premises = quantities({name: probability((0.02, 0.98), source=FLAT) for name in PREMISES})
        catastrophe = reduce(mul, premises.values())
        outcome("catastrophe", catastrophe, meaning="existential catastrophe by 2070", headline=True)
        judged(panel, experts)
    return model


if __name__ == "__main__":
    from blackball.cli import main

    main("fit", __file__)
