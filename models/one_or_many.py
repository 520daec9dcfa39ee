"""One AGI project or many?  The urn argument, with racing, inspection, halting, theft and defence.

Question.  Under each way of governing frontier AI, how likely is it that AI kills at least a tenth of humanity by
2030, 2050 and 2100, and how likely that it puts unchecked power into few hands?

Structure.  Once systems can be dangerous, each project draws them year by year.  Racing makes more draws and more of
them bad.  A bad draw that inspection misses, or that nobody halts, is released; whether it defeats its defenders
is a contest, by any of three routes.  Weights are also stolen, and after a lag the thief draws uninspected.  The most
optimistic project may release what the others would not.  Any one catastrophe suffices; draws share fate.  Power
concentration is an outcome of its own and rises as projects become fewer.

Judgements.  Published absolute probabilities judge the status quo at the horizons they name; published ratios
judge the other regimes against it.

Sources.  Bostrom, "The Vulnerable World Hypothesis", Global Policy 2019 (10.1111/1758-5899.12718); Hadshar &
Davidson, "Should there be just one Western AGI project?" (2024), and the urn comment on it; every prior names its
own.  Priors marked illustrative are nobody's published view: they span what the argument leaves open.
"""

import numpy as np
import pymc as pm
import pymc.dims as pmd

from blackball.mechanisms import authority, composition, contest, following, inspection, racing, theft, unilateral
from blackball.modelling import given, given_counts, judged, outcome, positive, probability, quantities, real
from blackball.panel import Panel
from blackball.regimes import Regimes

PANEL = "western-projects"
REGIMES = "regimes.toml"
CRUXES = ["offence_advantage", "dilution", "shared_fate", "corners_cut"]
START, HORIZONS = 2027, [2030, 2050, 2100]
ROUTES = {"direct": (0.5, 5), "extortion": (0.05, 2), "disempowerment": (0.3, 4)}
BLOCS = {"trust": (0.4, 0.95), "founders": (0.1, 0.7), "investors": (0.05, 0.5)}
WIDE = "illustrative: a wide interval where no figure is published"
COMMENT = "illustrative: an interval around the urn comment's figure, which its author calls made up"
STOLEN = "weights are stolen by the end of the horizon"
RASH = "some project releases a bad draw that the others would not, by the end of the horizon"
CATASTROPHE = "AI kills at least 10 % of humanity within five years, by the end of the horizon"
EXTINCTION = "AI leaves fewer than 5,000 people alive by the end of the horizon"
POWER = "a small group gains illegitimate, uncheckable control by 2100"
PRIORS = {
    # racing
    "gap": positive((1, 18), unit="months between one project and the next", source=WIDE),
    "corners_cut": positive((0.1, 2), unit="log odds of misalignment at full pressure", source=WIDE),
    "imitated": probability((0.05, 0.6), source=WIDE),
    "hurry": positive((0.05, 1), unit="log draws at full pressure", source=WIDE),
    # the urn
    "arrival": positive((1, 20), unit="years from 2027 until systems are dangerously capable", source=WIDE),
    "pace": positive((0.02, 1), unit="draws per project and year", source=WIDE, varies=True),
    "misaligned": probability((0.002, 0.5), source=WIDE, varies=True),
    "shared_fate": probability((0.05, 0.95), source=WIDE),
    # inspection and halting
    "deceptive": probability((0.2, 0.95), source=WIDE),
    "catches_naive": probability((0.6, 0.98), source=WIDE),
    "catches_deceptive": probability((0.05, 0.6), source=WIDE, varies=True),
    "stands": probability(BLOCS, dim="bloc", source=WIDE),
    "rules_changed": probability((0.05, 0.6), source=WIDE),
    "regulator_halts": probability((0.01, 0.2), source=WIDE, varies=True),
    # offence and defence
    "offence_advantage": real((-4, 1), unit="log odds at equal resources, by the easiest route", source=WIDE),
    "handicap": positive(ROUTES, dim="route", unit="log odds by which a route is harder", source=WIDE),
    "decisiveness": positive((0.3, 2), unit="exponent of the resource ratio", source=WIDE),
    "lead": positive((0.5, 12), unit="months of aligned systems ahead", source=COMMENT),
    "defence": positive((0.3, 5), unit="defender's resources per attacker's", source=WIDE, varies=True),
    # theft, and release against the judgement of the others
    "breach": probability((0.05, 0.9), source=WIDE, varies=True),
    "dilution": probability((0.2, 0.9), source=WIDE),
    "thief_pace": positive((0.01, 0.3), unit="draws per year, once a thief has got going", source=WIDE),
    "thief_lag": positive((0.3, 3), unit="years that a thief is behind", source=WIDE),
    "thief_excess": positive((0.1, 2), unit="log odds of misalignment beyond the projects' own", source=WIDE),
    "optimism": positive((0.2, 0.8), unit="error of beliefs per harm of a rash release", source=WIDE),
    # what a catastrophe becomes, and power
    "extinction_given_catastrophe": probability((0.01, 0.6), source=WIDE),
    "seizure": probability((0.05, 0.5), source=WIDE, varies=True),
    "rivals_check": positive((0.2, 1.5), unit="log odds per log project", source=WIDE),
}


def build(panel: Panel, regimes: Regimes, experts: str = "mixture") -> pm.Model:
    """Build the model of one project or many."""
    with pm.Model(coords={"regime": regimes.names, "horizon": HORIZONS}) as model:
        q = quantities(PRIORS, regimes)
        years = pmd.Data("years", [year + 1.0 - START for year in HORIZONS], dims="horizon")
        projects = given("projects", regimes, within=(1, 1000))

        # Racing: rivals one behind the other, the last perhaps a part of one, press to draw more and to cut corners.
        rivals = np.arange(1.0, regimes.setting("projects").max())
        model.add_coords({"rival": rivals})
        rank = pmd.Data("rank", rivals, dims="rival")
        absent = 1 - pmd.math.clip(projects - rank, 0.0, 1.0)
        out_of_the_race = pmd.math.maximum(given("merge_believed", regimes, within=(0, 1)), absent)
        calmed = following.race_to_the_top(given("conspicuous", regimes, within=(0, 1)), q["imitated"])
        pressure = racing.pressure(racing.rivalry(q["gap"] * rank, tau=6.0, merge=out_of_the_race, spillover=calmed))

        # The urn: draws in the years since systems were dangerous and allowed (rounded off at 0), and how many are bad.
        since = pmd.math.maximum(q["arrival"], given("idle_years", regimes))
        dangerous = 2 * pmd.math.softplus((years - since) / 2)
        draws = racing.raced_draws(projects * q["pace"] * dangerous, pressure, q["hurry"])
        bad = racing.raced_misalignment(q["misaligned"], pressure, q["corners_cut"])

        # Inspection and halting: a bad draw that is missed, or seen and not stopped, is released.
        missed = inspection.miss_of_types(q["deceptive"], 1 - q["catches_deceptive"], 1 - q["catches_naive"])
        seats = given_counts({bloc: f"seats_{bloc}" for bloc in BLOCS}, "bloc", regimes)
        delay, window = given("halt_delay", regimes), given("window", regimes, within=(0.01, 1000))
        board = authority.halt(authority.majority(q["stands"], seats), q["rules_changed"], delay, window)
        halted = outcome("halted", authority.either(board, q["regulator_halts"]), meaning="a warning is acted upon")
        released = outcome("released", authority.release(missed, halted), meaning="a bad draw acts freely")

        # Offence and defence: what a released bad draw does.
        defence = contest.lead(q["defence"], q["lead"], scale=12.0)
        win = contest.any_route(contest.win(1.0, defence, q["offence_advantage"] - q["handicap"], q["decisiveness"]))
        inside = composition.inside(bad, released, win, draws, q["shared_fate"])

        # Theft: any project's weights will do, and after a lag the thief draws uninspected.
        hazard = -pmd.math.log1p(-q["breach"]) * dangerous / 10
        stolen = outcome("stolen", theft.any_breach(hazard, projects, q["dilution"]), meaning=STOLEN)
        thief_bad = theft.thief_misalignment(bad, q["thief_excess"])
        thief_draws = theft.thief_draws(q["thief_pace"], dangerous, q["thief_lag"])
        outside = composition.theft_route(stolen, thief_bad, win, thief_draws, q["shared_fate"])

        # The unilateralist: of the projects that have drawn, the one that least fears the harm decides.
        able = projects * (1 - pmd.math.exp(-q["pace"] * dangerous))
        rashly = unilateral.someone_acts(value=-1.0, threshold=0.0, error=q["optimism"], actors=able)
        rash = composition.rash_route(outcome("rash_release", rashly, meaning=RASH), bad, win)

        either = composition.any_of(inside, outside, rash)
        catastrophe = outcome("catastrophe", either, meaning=CATASTROPHE, headline=True)
        outcome("extinction", catastrophe * q["extinction_given_catastrophe"], meaning=EXTINCTION)

        # Power: the fewer the projects, the easier to seize.
        odds = q["seizure"] / (1 - q["seizure"]) * projects ** (-q["rivals_check"])
        outcome("power_concentration", odds / (1 + odds), meaning=POWER, headline=True)
        judged(panel, experts)
    return model


if __name__ == "__main__":
    from blackball.cli import main

    main("fit", __file__)
