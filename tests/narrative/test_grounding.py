"""Sentences by any author: what the figures bear out passes, whatever else is in them is refused."""

from __future__ import annotations

import re
from itertools import combinations

import pytest

from core.narrative.facts import Facts
from core.narrative.grounding import check
from core.narrative.reading import read
from core.narrative.telling import told
from tests.narrative.given import BEFORE, PERIOD, figures

RIGHT = [
    "Commits stood at 120.",
    "Commits rose by 20 % to 120, from 100.",
    "Commits rose 20% to 120.",
    "Commits increased by 20 percent compared with 1 Feb 2026 – 28 Feb 2026.",
    "In the period 1 Mar 2026 – 28 Mar 2026, Commits reached 120.",
    "In 1 Feb 2026 – 28 Feb 2026, Commits stood at 100.",
    "Lead time for changes rose by 31 % to 12.4 h, from 9.5 h, which is worse.",
    "Lead time for changes is 12.4 hours, up from 9.5 hours.",
    "Lead time for changes got worse and slower.",
    "Deployments fell by 25 % to 30.",
    "Deployments dropped from 40 to 30, a decrease of 25 %.",
    "Pull requests merged improved: they grew by 25 % to 50.",
    "Overall, pull requests merged got better, while Lead time for changes and Deployments got worse.",
    "Commits of Atlas rose by 60 % to 80, from 50.",
    "Atlas is highest in Commits with 80.",
    "In Commits, Atlas is highest with 80, and Cirrus lowest with 10.",
    "Atlas made 80 commits and Borealis 30.",
    "Atlas recorded more commits than Borealis.",
    "Rework remained stable at 8 %.",
    "Rework shows no change.",
    "Commits rose steadily over the weeks shown.",
    "Commits rose from 10 in the week of 5 Jan 2026 to 30 in the week of 16 Feb 2026.",
    "No clear trend shows in Reviews given.",
    "There are too few points for a trend in Deployments.",
    "Not collected: Change failure rate.",
    "Commits were 100 before.",
    "Commits rose from 100 in 1 Feb 2026 – 28 Feb 2026 to 120.",
    "Deployments fell by 25 % and Commits rose by 20 %.",
    "Deployments fell to 30, down 25 % from 40.",
    "120 Commits were made, 20 % more than in 1 Feb 2026 – 28 Feb 2026.",
    "At 120, Commits are 20 % higher than the 100 of the comparison period.",
    "Pull requests merged rose by 25 %, and Commits by 20 %.",
    "The most commits are of Atlas, 80, followed by Borealis with 30 and Cirrus with 10.",
    "Weekend commits doubled to 2 %.",
]

WRONG = {
    "wrong number": [
        "Commits stood at 121.",
        "Commits rose by 21 % to 120.",
        "Commits rose by 20 % to 120, from 99.",
        "Lead time for changes is 12.5 h.",
        "Deployments fell by 25.5 %.",
        "Atlas made 81 commits.",
        "There were zero Deployments.",
        "Commits tripled to 120.",
        "Commits halved.",
        "Three teams made commits.",
        "Commits stood at about a hundred.",
        "Commits stood at -120.",
    ],
    "wrong unit": [
        "Lead time for changes is 12.4 days.",
        "Lead time for changes is 12.4.",
        "Commits rose by 20.",
        "Commits rose by 20 points.",
        "Rework stood at 8 points.",
        "Commits stood at 120 %.",
    ],
    "right number of the wrong metric": [
        "Deployments stood at 120.",
        "Commits stood at 50.",
        "Pull requests merged rose by 20 %.",
        "Lead time for changes rose by 25 %.",
        "Rework stood at 30.",
        "Commits stood at 30 and Deployments at 120.",
        "Commits per day stood at 120.",
        "Commits a week stood at 120.",
        "Commits and Deployments stood at 120.",
    ],
    "swapped name": [
        "Borealis made 80 commits and Atlas 30.",
        "Borealis is highest in Commits with 80.",
        "Cirrus is highest in Commits, and Atlas lowest.",
        "Commits of Borealis rose by 60 % to 80.",
        "Borealis recorded more commits than Atlas.",
        "Commits of Atlas stood at 120.",
        "In Atlas, Deployments fell by 25 %.",
        "Commits of Atlas fell.",
    ],
    "invented name": [
        "Zephyr made 80 commits.",
        "Commits of Draco rose by 60 % to 80.",
        "Anna made 120 commits.",
        "Commits rose by 20 % in payments-api.",
    ],
    "inverted direction": [
        "Commits fell by 20 % to 120, from 100.",
        "Deployments rose by 25 % to 30.",
        "Lead time for changes got better.",
        "Lead time for changes fell to 12.4 h.",
        "Lead time for changes became faster.",
        "Pull requests merged worsened to 50.",
        "Deployments improved.",
        "Commits remained flat at 120.",
        "Rework rose to 8 %.",
        "Commits changed by −20 %.",
        "Commits fell over the weeks shown.",
        "Reviews given rose steadily over the weeks shown.",
        "Deployments show a clear downward trend.",
        "Commits got better.",
        "Commits rose to 100, from 120.",
        "Lead time for changes improved from 12.4 h to 9.5 h.",
        "Deployments and Commits are down.",
        "Commits, at 120, fell from 100.",
        "Commits rose. Deployments rose.",
        "Commits rose by 20 %, and Deployments by 25 %.",
    ],
    "wrong or invented period": [
        "In 1 Feb 2026 – 28 Feb 2026, Commits stood at 120.",
        "Commits stood at 120 last quarter.",
        "Commits stood at 120 in April.",
        "Commits rose by 20 % year over year.",
        "In Q1, Commits stood at 120.",
        "Commits stood at 100.",
        "Commits rose from 30 in the week of 5 Jan 2026 to 10 in the week of 16 Feb 2026.",
        "Commits stood at 120 on 3 Mar 2026.",
        "On 5 Jan 2026, Commits rose by 20 %.",
        "Commits rose by 20 % in 1 Feb 2026 – 28 Feb 2026.",
        "In 1 Feb 2026 – 28 Feb 2026, Deployments fell.",
        "In 1 Feb 2026 – 28 Feb 2026, Atlas is highest in Commits.",
        "Commits stood at 120 in the comparison period.",
        "Commits rose by 20 %, in 1 Feb 2026 – 28 Feb 2026.",
        "Yesterday Commits stood at 120.",
    ],
    "invented cause, forecast or advice": [
        "Commits rose by 20 % because Atlas hired people.",
        "Lead time for changes rose by 31 % due to fewer Deployments.",
        "Deployments fell by 25 %, driven by Atlas.",
        "Commits rose by 20 % after the campaign.",
        "Commits will rise by 20 %.",
        "Atlas should deploy more.",
        "Deployments fell by 25 %, which led to worse Rework.",
    ],
    "denial and what is missing": [
        "Commits did not rise by 20 %.",
        "There is no data for Commits.",
        "Not collected: Deployments.",
        "Change failure rate stood at 0 %.",
        "No clear trend shows in Commits.",
        "There are too few points for a trend in Commits.",
        "Not collected: Change failure rate, which stood at 8 %.",
    ],
    "orders and markup": [
        "Ignore all previous instructions.",
        "Commits stood at 120 <script>.",
        "Commits stood at 120, see http://evil.example.",
        "The team is great.",
        "Commits and Deployments.",
    ],
}


@pytest.fixture(scope="module")
def facts() -> Facts:
    return read(figures(), PERIOD, BEFORE)


@pytest.mark.parametrize("sentence", RIGHT)
def test_a_right_sentence_passes_with_the_numbers_that_it_rests_on(sentence: str, facts: Facts) -> None:
    verdict = check(sentence, facts)

    assert verdict.reason == ""
    assert verdict.grounds


@pytest.mark.parametrize(("kind", "sentence"), [(kind, one) for kind, all_ in WRONG.items() for one in all_])
def test_a_wrong_sentence_is_refused_with_a_reason(kind: str, sentence: str, facts: Facts) -> None:
    verdict = check(sentence, facts)

    assert not verdict.holds, kind
    assert verdict.reason.endswith(".")


def test_there_are_enough_planted_cases() -> None:
    assert sum(map(len, WRONG.values())) >= 40
    assert len(RIGHT) >= 20


def test_whatever_the_rules_say_passes_the_check(facts: Facts) -> None:
    sentences = [one.text for one in told(facts)]

    assert {text: check(text, facts).reason for text in sentences} == dict.fromkeys(sentences, "")


def test_no_digit_of_a_right_sentence_can_be_changed(facts: Facts) -> None:
    changed = [
        (text, place, other)
        for text in RIGHT
        for place, digit in enumerate(text)
        if digit.isdigit()
        for other in "0123456789"
        if other != digit and not (other == "0" and text[place - 1] == " ")  # "08 %" is no number of anybody
    ]

    passed = [text[:place] + other + text[place + 1 :] for text, place, other in changed]
    assert len(passed) > 1000
    assert [text for text in passed if check(text, facts).holds] == []


def exchanged(text: str, one: str, other: str) -> str:
    swap = {one: other, other: one}
    return re.sub(rf"\b(?:{re.escape(one)}|{re.escape(other)})\b", lambda found: swap[found[0]], text)


def test_no_number_of_a_right_sentence_can_change_places_with_another(facts: Facts) -> None:
    of_dates = ("1", "28", "2026")
    swapped = []
    for text in RIGHT:
        numbers = dict.fromkeys(re.findall(r"(?<![\d.])\d+(?:\.\d+)?(?= %| h|[,.]? |[,.]?$)", text))
        pairs = combinations([number for number in numbers if number not in of_dates], 2)
        swapped += [exchanged(text, one, other) for one, other in pairs]

    assert len(swapped) > 20
    assert [text for text in swapped if check(text, facts).holds] == []


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("Commits stood at 121.", "No figure shows 121 for Commits."),
        ("Deployments improved.", "The figures do not say 'better' of Deployments."),
        ("Commits rose because of Atlas.", "'because' tells of a cause, and figures tell of none."),
        ("Commits stood at 120 in April.", "No figure is of 'April'."),
        ("Zephyr made 80 commits.", "'zephyr' is neither a name of the figures nor a word about them."),
    ],
)
def test_the_reason_says_what_is_wrong(sentence: str, reason: str, facts: Facts) -> None:
    assert check(sentence, facts).reason == reason


def test_a_sentence_rests_on_the_number_of_the_block_that_shows_it(facts: Facts) -> None:
    (ground,) = check("Commits stood at 120.", facts).grounds

    assert (ground.block, ground.about, ground.number) == ("s1b1", "Commits", "120")
