"""What a risk model writes inside `with pm.Model(...)`: quantities, known numbers, outcomes, judgements, evidence.

The only layer that creates random variables.
"""

from blackball.modelling.evidence import evidence
from blackball.modelling.given import given, given_by_year, given_counts, given_counts_by_year
from blackball.modelling.judged import judged
from blackball.modelling.outcomes import outcome, stopping_rule
from blackball.modelling.priors import bounded, positive, probability, real
from blackball.modelling.quantities import quantities

__all__ = [
    "bounded",
    "evidence",
    "given",
    "given_by_year",
    "given_counts",
    "given_counts_by_year",
    "judged",
    "outcome",
    "positive",
    "probability",
    "quantities",
    "real",
    "stopping_rule",
]
