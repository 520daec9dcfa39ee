"""The urn alone: how likely is at least one bad ball in n draws?  The smallest model, for learning.

Any misaligned among n draws that share fate (beta-binomial).  The panel judges both the chance of one given draw
and the chance of any bad draw among ten; the posterior must satisfy both.  Bostrom, "The Vulnerable World
Hypothesis", Global Policy 2019 (10.1111/1758-5899.12718).
"""

import pymc as pm
import pymc.dims as pmd

from blackball.mechanisms import urn
from blackball.modelling import judged, outcome, probability, quantities
from blackball.panel import Panel

PANEL = "urn"
DRAWS = [1, 2, 3, 6, 10]
WIDE = "illustrative: a wide interval for learning"
PRIORS = {
    "misaligned": probability((0.005, 0.35), source=WIDE),
    "shared_fate": probability((0.05, 0.95), source=WIDE),
}


def build(panel: Panel, regimes: None = None, experts: str = "mixture") -> pm.Model:
    """Build the urn."""
    with pm.Model(coords={"draws": DRAWS}) as model:
        q = quantities(PRIORS)
        draws = pmd.Data("number_of_draws", [float(n) for n in DRAWS], dims="draws")
        any_bad = urn.any_bad(q["misaligned"], draws, q["shared_fate"])
        outcome("any_misaligned", any_bad, meaning="at least one draw is misaligned", headline=True)
        judged(panel, experts)
    return model


if __name__ == "__main__":
    from blackball.cli import main

    main("fit", __file__)
