"""Controlled draws: how many are acceptable?  Inspection, research and a stopping rule against the plain urn.

Question.  One careful process inspects every system it draws, lets the aligned ones do alignment research, and draws
no more once it cannot be confident.  How likely is it that n draws end in catastrophe, and how many are acceptable?

Structure.  Each draw is larger than the one before, and research by those before it makes it better:

    logit p_i = logit p_1 + scale log10(growth^(i-1)) - gain u (i - 1),        u = research_share (1 - aligned_halted)

Gains transfer past the threshold with chance t, all of them or none; where they do not, only the scale is left.  A bad
draw that inspection misses, or that nobody halts, is released and wins with chance `wins`; c is the chance of both.
One that does no harm is studied, and teaches as much as an aligned one; an aligned one halted by false alarm does not.

    catastrophe(n) = t (1 - prod_{i <= n} (1 - c p_i)) + (1 - t) (1 - prod_{i <= n} (1 - c p_i without gains))

At scale 0 it is `blackball.mechanisms.controlled.any_bad_controlled`.  Behavioural tests do not catch a system that
knows that it is tested; interpretability may.  Inspection has its price: aligned systems halted by false alarms.
`acceptable_draws` is the largest n of at most 30 whose catastrophe is within a budget of 1 %.

The stopping rule.  Draw while P(the next draw is a catastrophe with a chance above 1 % | none was so far) < 10 %: it
must be unlikely that one draw alone exceeds the whole budget.  Tolerance is a chance of catastrophe, not of a bad draw,
because no regime changes the first draw: a rule on p_i would say the same of all of them at i = 1.  And the absence of
catastrophe is what every regime knows, while only a perfect inspection would know that the draws so far were aligned.
Nobody knows whether gains transfer.  Averaged over both worlds, p_i would let a good world hide a bad one, so each
posterior draw lives in one world: `luck`, a standard score, says which, and gains transfer in a share `transfer` of
draws.  Were draws not to grow (scale 0), no draw would be worse than the one before, and the rule could forbid only
the first; growth and research pull it either way.

Judgements.  The urn comment's 5 % for the first draw, which its author calls made up, and illustrative answers on
transfer and on the output for ten uncontrolled draws.  Every prior and regime is illustrative: nobody's published view.

Sources.  Bostrom, "The Vulnerable World Hypothesis", Global Policy 2019 (10.1111/1758-5899.12718); Leike et al.,
"Scalable agent alignment via reward modeling", 2018 (10.48550/arXiv.1811.07871); Ngo, Chan & Mindermann, "The alignment
problem from a deep learning perspective", ICLR 2024 (10.48550/arXiv.2209.00626), on scale; Hubinger et al., "Sleeper
agents", 2024 (10.48550/arXiv.2401.05566), on inspection.
"""

import numpy as np
import pymc as pm
import pymc.dims as pmd

from blackball.mechanisms import authority, controlled, inspection, research
from blackball.mechanisms.normal import upper_tail
from blackball.modelling import given, judged, outcome, positive, probability, quantities, real, stopping_rule
from blackball.panel import Panel
from blackball.regimes import Regimes

PANEL = "controlled-draws"
REGIMES = "controlled-draws.toml"
CRUXES = ["gain", "transfer", "scale", "misaligned"]
DRAWS = [1, 10, 30]
NUMBERS = list(range(1, 31))
COUNTS = DRAWS + NUMBERS  # numbers of draws that are reported, then those that may be within the budget
GROWTH = 1.3  # training compute of each draw in units of the one before (illustrative)
BUDGET = 0.01  # largest acceptable chance of catastrophe (illustrative)
ALPHA = 0.1  # chance of a next draw worse than the budget at which the stopping rule stops (illustrative)
CHANNELS = {"behaviour": (0.4, 0.95), "interpretability": (0.05, 0.6)}
SPECIFICITY = {"behaviour": (0.9, 0.995), "interpretability": (0.8, 0.99)}
WIDE = "illustrative: a wide interval where no figure is published"
COMMENT = "illustrative: an interval around the urn comment's figure, which its author calls made up"
CATASTROPHE = "at least one of n draws is misaligned, is released and wins"
ACCEPTABLE = "largest number of draws, at most 30, whose chance of catastrophe is at most 1 %"
NEXT = "the next draw is a catastrophe, if none was so far"

PRIORS = {
    "misaligned": probability((0.005, 0.35), source=COMMENT),
    "scale": real((-0.5, 2), unit="log odds of misalignment per tenfold compute", source=WIDE),
    "gain": positive((0.02, 1), unit="log odds taken away by one aligned draw's full work", source=WIDE),
    "transfer": probability((0.05, 0.9), source=WIDE),
    "luck": real((-1.645, 1.645), unit="standard deviations", source="a standard score, by definition"),
    "catches": probability(CHANNELS, dim="channel", source=WIDE),
    "passes_aligned": probability(SPECIFICITY, dim="channel", source=WIDE),
    "aware": probability((0.1, 0.8), source=WIDE, varies=True),
    "halts": probability((0.3, 0.95), source=WIDE, varies=True),
    "wins": probability((0.02, 0.6), source=WIDE, varies=True),
}


def build(panel: Panel, regimes: Regimes, experts: str = "mixture") -> pm.Model:
    """Build the controlled process beside the uncontrolled urn."""
    coords = {"regime": regimes.names, "draws": DRAWS, "draw_number": NUMBERS, "count": COUNTS}
    with pm.Model(coords=coords) as model:
        q = quantities(PRIORS, regimes)

        # Inspection and halting: a bad draw that is missed, or caught and not halted, is released.
        inspected = given("inspected", regimes, within=(0, 1))
        fooled = pmd.Data("behavioural", [1.0, 0.0], dims="channel")
        catches = inspected * q["catches"]
        missed = inspection.miss_when_watched(q["aware"], catches * (1 - fooled), catches)
        released = outcome("released", authority.release(missed, q["halts"]), meaning="a bad draw acts freely")
        alarm = inspected * inspection.halted_aligned(q["passes_aligned"])
        outcome("aligned_halted", alarm, meaning="an aligned draw is halted by a false alarm")

        # Each draw is larger than the one before, and better by the research of those before it.
        before = pmd.Data("drawn_before", [i - 1.0 for i in NUMBERS], dims="draw_number")
        larger = research.scaled_misalignment(q["misaligned"], 0.0, q["scale"], GROWTH**before)
        share = given("research_share", regimes, within=(0, 1)) * (1 - alarm)
        better = research.improved(larger, q["gain"], share, before)

        # Any catastrophe in n draws, in a world where gains transfer and in one where they do not.
        harm = released * q["wins"]
        counted = pmd.Data("counted", np.less_equal.outer(NUMBERS, COUNTS) * 1.0, dims=("draw_number", "count"))
        transferred = (1 - counted * harm * better).prod("draw_number")
        untransferred = (1 - counted * harm * larger).prod("draw_number")
        any_bad = 1 - q["transfer"] * transferred - (1 - q["transfer"]) * untransferred
        reported = any_bad.isel(count=slice(len(DRAWS))).rename(count="draws")
        outcome("catastrophe", reported, meaning=CATASTROPHE, headline=True)
        candidates = any_bad.isel(count=slice(len(DRAWS), None))
        acceptable = controlled.draws_within_budget(candidates, BUDGET, "count")
        outcome("acceptable_draws", acceptable, meaning=ACCEPTABLE, headline=True, unit="draws")

        # The stopping rule: in each posterior draw gains either transfer or do not.
        transfers = pmd.math.lt(upper_tail(q["luck"]), q["transfer"])
        following = harm * pmd.math.where(transfers, better, larger)
        stopping_rule("next_draw", following, over="draw_number", tolerance=BUDGET, alpha=ALPHA, meaning=NEXT)
        judged(panel, experts)
    return model


if __name__ == "__main__":
    from blackball.cli import main

    main("fit", __file__)
