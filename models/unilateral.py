"""The unilateralist's curse against the urn: which of the two dominates when?

Question.  With n able to act, somebody may do what all should leave alone because the most optimistic decides (the
curse), or because one of n systems drawn happens to be bad (the urn).  Which is likelier, for n = 1 to 20?

Structure.  Both on the same axis: n actors, who draw once each.  In the curse the act is harmful, worth -1 in units of
the harm, and actors see it with an error sigma; errors of any two correlate r.  In the urn each draw is misaligned
with chance p, and fates of any two correlate f.

    curse = 1 - E_z Phi((1 - sigma sqrt(r) z) / (sigma sqrt(1-r)))^n,    z ~ Normal(0, 1),
    urn = 1 - B(a, b+n) / B(a, b),    a = p (1-f) / f,    b = (1-p) (1-f) / f    (1 - (1-p)^n at f = 0).

`curse_per_urn` says how many times as likely the curse is; `curse_dominates` is 1 in a draw of the quantities in which
that is above 1, so that its mean is the chance that the curse is the likelier of the two.

Which dominates.  If neither beliefs nor draws are shared, n does not matter: the curse dominates exactly if one
actor is likelier to be wrong than one draw to be bad, Phi(-1/sigma) > p.  With p = .05 that is sigma > .61 of the harm.
Beliefs that err little relative to the harm leave the urn dominant whatever n.  What is shared decides for many: shared
fate stops the growth of the urn, so that with independent beliefs and many actors the curse dominates; shared beliefs
stop that of the curse, so that with independent draws the urn does.

Remedies.  Actors who act on the mean of their estimates, who vote (odd n), or who each ask for more than a positive
estimate, by the threshold that is best for all of them if what acts are worth is Normal(0, 1), in the same units.  None
of them helps against the urn.

Judgements.  Illustrative ones of an input (misaligned) and of an output (the curse with five actors).

Sources.  Bostrom, Douglas & Sandberg, "The Unilateralist's Curse and the Case for a Principle of Conformity", Social
Epistemology 2016 (10.1080/02691728.2015.1108373); Bostrom, "The Vulnerable World Hypothesis", Global Policy 2019
(10.1111/1758-5899.12718).  Every prior is illustrative: no figure is published.
"""

import pymc as pm
import pymc.dims as pmd

from blackball.mechanisms import unilateral, urn
from blackball.modelling import judged, outcome, positive, probability, quantities
from blackball.panel import Panel

PANEL = "unilateral"
ACTORS = [1, 2, 3, 5, 10, 20]
VOTERS = [3, 5]
HARM = -1.0
WIDE = "illustrative: a wide interval where no figure is published"
CURSE = "at least one of n actors does what is harmful"
URN = "at least one of n draws is misaligned"
PER_URN = "how many times as likely the curse is as the urn"
DOMINATES = "the curse is likelier than the urn"
POOLED = "n actors who share their estimates and go by the mean do what is harmful"
VOTED = "a majority of n actors is for doing what is harmful"
THRESHOLD = "estimate above which n actors should act who each act alone"
RAISED = "at least one of n actors who all use the best common threshold does what is harmful"
AVOIDED = "expected harm, where the act is harmful, that the best common threshold avoids"
PRIORS = {
    "error": positive((0.2, 3), unit="error of beliefs per harm", source=WIDE),
    "shared_beliefs": probability((0.05, 0.95), source=WIDE),
    "misaligned": probability((0.005, 0.35), source=WIDE),
    "shared_fate": probability((0.05, 0.95), source=WIDE),
}


def build(panel: Panel, regimes: None = None, experts: str = "mixture") -> pm.Model:
    """Build the curse and the urn on one axis."""
    with pm.Model(coords={"actors": ACTORS, "voters": VOTERS}) as model:
        q = quantities(PRIORS)
        error, shared = q["error"], q["shared_beliefs"]
        actors = pmd.Data("number_of_actors", [float(n) for n in ACTORS], dims="actors")

        acts = unilateral.someone_acts(HARM, 0.0, error, actors, shared)
        curse = outcome("curse", acts, meaning=CURSE, headline=True)
        any_bad = outcome("urn", urn.any_bad(q["misaligned"], actors, q["shared_fate"]), meaning=URN, headline=True)
        outcome("curse_per_urn", curse / any_bad, meaning=PER_URN, headline=True, unit="times")
        outcome("curse_dominates", pmd.math.where(curse > any_bad, 1.0, 0.0), meaning=DOMINATES)

        # Remedies: they change who decides, or what an actor asks for.
        pooled = unilateral.pooled_acts(HARM, 0.0, error, actors, shared)
        outcome("curse_if_pooled", pooled, meaning=POOLED)
        votes = [unilateral.majority_acts(HARM, 0.0, error, n, shared).expand_dims(voters=1) for n in VOTERS]
        outcome("curse_by_majority", pmd.concat(votes, dim="voters"), meaning=VOTED)
        best = unilateral.optimal_threshold(actors, error, mean=0.0, sd=1.0, shared=shared)
        outcome("best_threshold", best, meaning=THRESHOLD, unit="harms")
        raised = unilateral.someone_acts(HARM, best, error, actors, shared)
        outcome("curse_at_best_threshold", raised, meaning=RAISED)
        outcome("avoided_by_threshold", curse - raised, meaning=AVOIDED, unit="harms")
        judged(panel, experts)
    return model


if __name__ == "__main__":
    from blackball.cli import main

    main("fit", __file__)
