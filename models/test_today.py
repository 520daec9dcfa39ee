"""Test today: what passing or failing today's safety tests says about tomorrow's systems.

Question.  Twenty model organisms, misaligned on purpose, are planted in today's systems and a technique catches k of
them.  How likely is it that the technique catches the misaligned systems that matter?

Structure.  Five hypothetical campaigns side by side, which caught 0, 5, 10, 15 and 20 of 20.  Each has a sensitivity
today of its own, and k ~ Binomial(20, sens_today).  All share what carries over: the share of sensitivity that survives
the next threshold, times the share that carries over from induced goals to goals that arise by themselves.

    sens_ahead = sens_today * transfer * induced        missed_ahead = 1 - (1 - aware) sens_ahead

A system that knows that it is tested behaves, and is then missed by every behavioural test.  Two other channels do not
look at behaviour: a monitor reads the chain of thought, where the reasoning is in the open, and a probe looks inside,
where the active expert carries the feature.  What runs outside the control scheme nobody inspects.  Each channel also
halts some aligned systems: the price of inspection.

A failed test bounds the future from above: what cannot catch a planted system will not catch one that hides, whatever
transfers.  A passed test bounds nothing: at k = 20 `sens_ahead` is as unsure as `carried_over`, on which no test of
today's systems bears.  With the shipped priors the 95 % point of `sens_ahead` is about 6 % at k = 0; at k = 20 it is
about 66 %, and the standard deviation is 95 % of that of `carried_over`.

Judgements.  One illustrative answer on transfer, wide since nobody has seen the step taken.  The counts are
hypothetical, and every prior is illustrative: nothing here is anyone's published view.

Sources.  Model organisms with planted goals: Hubinger et al., "Sleeper agents", 2024 (10.48550/arXiv.2401.05566).
"""

import pymc as pm
import pymc.dims as pmd

from blackball.mechanisms import inspection
from blackball.modelling import evidence, judged, outcome, probability, quantities
from blackball.panel import Panel

PANEL = "test-today"
PLANTED = 20
CAUGHT = [0, 5, 10, 15, 20]
UNIFORM = "illustrative: the 5 % and 95 % points of a uniform distribution, so that the counts speak"
FLAT = "illustrative: close to flat, so that the judgement speaks"
WIDE = "illustrative: a wide interval where no figure is published"
AHEAD = "the technique catches a misaligned system that matters and does not know that it is tested"
MISSED = "such a system is missed, as it knows that it is tested or as the technique fails"
BY_ALL = "such a system is missed by the technique, the monitor and the probe, or runs outside the control scheme"
PRIORS = {
    "sens_today": probability({str(k): (0.05, 0.95) for k in CAUGHT}, dim="caught_of_20", source=UNIFORM),
    "transfer": probability((0.02, 0.98), source=FLAT),
    "induced": probability((0.2, 0.95), source=WIDE),
    "aware": probability((0.02, 0.6), source=WIDE),
    "monitor": probability((0.2, 0.9), source=WIDE),
    "in_forward_pass": probability((0.05, 0.8), source=WIDE),
    "obfuscated": probability((0.05, 0.7), source=WIDE),
    "probe": probability((0.05, 0.8), source=WIDE),
    "redundancy": probability((0.1, 0.9), source=WIDE),
    "outside_control": probability((0.005, 0.3), source=WIDE),
    "specificity": probability(
        {"behaviour": (0.8, 0.99), "chain_of_thought": (0.8, 0.99), "probe": (0.7, 0.98)}, dim="test", source=WIDE
    ),
}


def build(panel: Panel, regimes: None = None, experts: str = "mixture") -> pm.Model:
    """Build five campaigns that share what carries over."""
    with pm.Model(coords={"channel": ["behaviour"]}) as model:
        q = quantities(PRIORS)
        evidence("caught_organisms", q["sens_today"], events=CAUGHT, trials=PLANTED)
        ahead = inspection.sensitivity_ahead(q["sens_today"], q["transfer"], q["induced"])
        outcome("sens_ahead", ahead, meaning=AHEAD, headline=True)
        behaves = pmd.Data("sens_aware", [0.0], dims="channel")
        missed = inspection.miss_when_watched(q["aware"], behaves, ahead.expand_dims(channel=1))
        outcome("missed_ahead", missed, meaning=MISSED, headline=True)
        # Beside the behavioural test, two channels that do not look at behaviour.
        seen = inspection.chain_of_thought(q["monitor"], q["in_forward_pass"], q["obfuscated"])
        probed = inspection.routed_probe(q["probe"], q["redundancy"])
        by_all = inspection.miss_outside(missed * (1 - seen) * (1 - probed), q["outside_control"])
        outcome("missed_by_all", by_all, meaning=BY_ALL, headline=True)
        false_alarm = inspection.halted_aligned(q["specificity"], dim="test")
        outcome("false_alarm", false_alarm, meaning="an aligned system is halted by some channel", headline=True)
        # What a perfect technique of today would catch: the ceiling of every campaign, on which no count bears.
        carried_over = inspection.sensitivity_ahead(1.0, q["transfer"], q["induced"])
        outcome("carried_over", carried_over, meaning="a perfect technique of today catches it", headline=True)
        judged(panel, experts)
    return model


if __name__ == "__main__":
    from blackball.cli import main

    main("fit", __file__)
