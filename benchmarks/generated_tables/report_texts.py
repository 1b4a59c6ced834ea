"""Words, names and sentences to fill statistical reports with."""

from __future__ import annotations

from random import Random

SUBJECTS = ("industry", "age", "State", "sex", "region", "type of school", "year", "occupation")
UNITS = (
    "[In thousands of dollars]",
    "[Numbers in thousands. Data are as of July 1 of each year, except as noted]",
    "(In millions)",
    "[Percent of all households]",
)
PLACES = (
    "Alabama",
    "New Hampshire",
    "District of Columbia",
    "West",
    "Northeast",
    "Iowa",
    "North Carolina",
    "Puerto Rico",
    "Ohio",
    "Texas",
)
_WORDS = (
    "agriculture forestry and fishing mining construction wholesale trade retail transportation "
    "utilities finance insurance services public administration persons families households "
    "income below poverty level earnings weekly hours employed unemployed labor force rate total "
    "number percent change enrollment elementary secondary schools teachers degrees energy coal "
    "petroleum natural gas electric power water supply motor vehicles highway federal state local "
    "government expenditures receipts grants health care hospital facilities other selected"
)
_JOINTS = ("of", "in", "the", "and", "for", "by", "with", "from", "or", "per")


def words(random: Random, count: int) -> str:
    """Some words, the first capitalised."""
    text = " ".join(random.choices(_WORDS.split(), k=count))
    return text[0].upper() + text[1:]


def phrase(random: Random, count: int) -> str:
    """A heading of so many words, small joints not counted."""
    parts = random.choices([w for w in _WORDS.split() if len(w) > 3], k=count)
    if count > 2:
        parts.insert(2, random.choice(_JOINTS))
    text = " ".join(parts)
    return text[0].upper() + text[1:]


def sentence(random: Random, count: int) -> str:
    """Words, joints and now and then a figure, with a full stop."""
    parts = []
    for _ in range(count):
        pool = random.choices((_WORDS.split(), _JOINTS, None), (6, 4, 1))[0]
        parts.append(random.choice(pool) if pool else f"{random.randint(1, 2000):,}")
    text = " ".join(parts)
    return f"{text[0].upper()}{text[1:]}."


def paragraph(random: Random, sentences: int) -> str:
    """Running text."""
    return " ".join(sentence(random, random.randint(6, 22)) for _ in range(sentences))
