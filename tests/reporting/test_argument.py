"""What a model's text says, read without importing anything."""

from blackball.reporting.argument import argument_of, mechanisms_of

SOURCE = '''"""A question?  And more.

Question.  How likely
is it?

    p = 1 - q

Sources.  None: made for a test.
"""

import pymc as pm

from blackball.mechanisms import contest, urn as jar
from blackball.mechanisms.theft import any_breach
from elsewhere import other


def build(panel):
    jar.any_bad(1, 2)
    other.call()
    contest.win(1, 2, 3, 4)
    return any_breach(1, 2, 3)
'''


def test_the_argument_is_the_docstring_with_equations_apart():
    found = argument_of(SOURCE)
    assert found.title == "A question? And more."
    assert found.question == "How likely is it?"
    assert found.blocks == (
        (False, "Question. How likely is it?"),
        (True, "p = 1 - q"),
        (False, "Sources. None: made for a test."),
    )


def test_the_mechanisms_are_those_that_are_called_under_whatever_name():
    found = {mechanism.name: mechanism for mechanism in mechanisms_of(SOURCE)}
    assert set(found) == {"urn", "contest", "theft"}
    assert found["urn"].used == (("any_bad", "Chance that at least one of n draws is bad."),)
    assert [call for call, _ in found["theft"].used] == ["any_breach"]
    equations = [text for equation, text in found["contest"].blocks if equation]
    assert equations == ["win = 1 / (1 + exp(-omega) (D / A)^theta)."]


def test_a_text_without_anything_has_no_argument():
    assert argument_of("").paragraphs == ()
    assert mechanisms_of("") == ()
