"""The words that a sentence about figures may be made of, by what they claim."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


UP = _words("rose rise rises risen rising increased increase increases grew grow growth climbed climb gained gain"
            " up upward upwards higher more jumped")  # fmt: skip
DOWN = _words("fell fall falls fallen falling decreased decrease decreases dropped drop declined decline shrank down"
              " downward downwards lower less fewer slipped")  # fmt: skip
FLAT = _words("unchanged flat stable steady same")
BETTER = _words("better improved improve improvement improving improves")
WORSE = _words("worse worsened worsening deteriorated deterioration")
FASTER, SLOWER = _words("faster quicker shorter sped"), _words("slower slowed longer")
HIGHEST = _words("highest most largest leads lead")
LOWEST = _words("lowest least fewest smallest")
MULTIPLES = {"doubled": "+100 %", "tripled": "+200 %", "halved": "−50 %"}
COMPARED = _words("before previously earlier comparison previous")
"""They say that a number beside them is of the comparison period."""
FROM = _words("from than versus vs against")
CHANGE_AFTER = UP | DOWN | FASTER | SLOWER
"""A number before one of these is a change."""
CHANGE_NOUNS = _words("rise increase growth gain drop decrease fall decline climb change")
BREAKS = _words("and but while whereas as although though yet or")
"""They part one claim from the next, as commas do."""
CAUSES = _words("because due thanks owing caused cause causes causing drove driven drives led reflects reflecting"
                " reflected thereby therefore hence so consequently resulting result results reason reasons"
                " attributable attributed helped despite allowing enabled explains explained linked")  # fmt: skip
FUTURE = _words("will would expected expect expects likely unlikely soon should must could may might can forecast going"
                " probably plans planned recommend recommended consider needs need")  # fmt: skip
NEGATIONS = _words("not no never none neither nor without hardly")
TIMES = _words("yesterday today tomorrow quarter quarters year years yearly annual annually monthly quarterly recent"
               " recently ago decade sprint sprints fortnight")  # fmt: skip
_COUNTED = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
NUMBERS = {word: value for value, word in enumerate(_COUNTED)}
VAGUE = _words("half twice double triple dozen hundreds thousands many several few majority third both every")
TREND = _words("trend trends trending steadily consistently continuously gradually throughout")

PLAIN = _words(
    "a an the this these that which its it their they is are was were be been being has have had to of in on at by for"
    " over under during across compared compare with against between within stood stands stand stayed stays"
    " remained remains remain kept reached reaches came comes moved moves went goes got get gets saw see sees seen"
    " shows showed shown show changed change recorded measured counted made totalled total totals overall altogether"
    " meanwhile however also still too only just well now period periods days weeks months week day month weekday"
    " weekdays team teams"
    " repository repositories component components figure figures metric metrics report whole side points point data"
    " while whereas but and or yet as although though key notable notably main largest change changes concern concerns"
    " than from versus vs up down each all other among clear considerable considerably markedly sharply slightly"
    " clearly somewhat marked sharp strong strongly value values number numbers level levels rate share most visible"
    " there where what then first last followed standing place work delivery percentage start end beginning"
)

LACKING = _words("there data for collected known choice people incomplete source read ended shows show no not too few")
"""What may be said of a number that is not there."""

SPANS, EACH = _words("day week month"), _words("a each one")
"""Together they make another metric of one: "Commits a week"."""


def known() -> frozenset[str]:
    """Every word that may be said, whatever the figures."""
    sets = (PLAIN, UP, DOWN, FLAT, BETTER, WORSE, FASTER, SLOWER, HIGHEST, LOWEST, COMPARED, FROM, CHANGE_NOUNS, BREAKS,
            TREND, NUMBERS.keys(), MULTIPLES.keys())  # fmt: skip
    return frozenset().union(*sets)
