"""Classical pools of judgements, and the scores by which every prediction is compared.  Never imports PyMC.

`answers` and `events` lay a panel out as arrays; `linear`, `quantile_average` and `performance` pool distributions,
`odds` and `beta_linear` probabilities of events; `named` gives each its name; `scores` compares.
"""

from blackball.pools.answers import Answers, answers_of
from blackball.pools.distribution import Distribution
from blackball.pools.events import Events, events_of
from blackball.pools.named import known_methods, pool_quantities
from blackball.pools.paired import paired
from blackball.pools.scores import EventScores, QuantityScores, score_event, score_quantity

__all__ = [
    "Answers",
    "Distribution",
    "EventScores",
    "Events",
    "QuantityScores",
    "answers_of",
    "events_of",
    "known_methods",
    "paired",
    "pool_quantities",
    "score_event",
    "score_quantity",
]
