"""Ordinary news without any exchange: what most of the articles that come in are made of.

The sentences are made of patterns and word lists, with names that are new in every article, because a reader that has
met every word before would look faster than it is.
"""

import random
from datetime import UTC, datetime

from tasks.records import Article, Stamp, short_hash

_PUBLISHED = datetime(2024, 7, 17, 12, tzinfo=UTC)
_SENTENCES, _IN_PARAGRAPH = 24, 3

_PATTERNS = (
    "The {thing} in {Place} was {done} on {weekday} after {count} {months} of {trouble}.",
    "{Name} {Surname}, who runs the {thing}, said the {trouble} had cost {count} {money} since {month}.",
    '"We did not expect the {trouble} to last all {season}," {Name} {Surname} told the council of {Place}.',
    "Prices of {goods} rose by {percent} per cent in {month}, the {office} of {Place} reported.",
    "{count} {visitors} came to the {thing}, about {percent} per cent more than in {year}.",
    "The {office} will decide next week whether the {thing} may be {done} before the {season}.",
    "In the second half {Surname} scored for {Place}, and the match ended {small} to {small}.",
    "Rain fell on {Place} for {small} days, and the river rose by {count} centimetres.",
    "{Surname} had asked the {office} for a new {thing}, but nobody answered his letters until {month}.",
    "The {thing} was built in {year} by {Name} {Surname} and has been {done} twice since then.",
    "According to the {office}, the {goods} came from farms near {Place} and {Other}.",
    "Doctors in {Other} warn that the {season} brings more {trouble}, above all to those who work outdoors.",
    "It is not yet known when the road between {Place} and {Other} will be {done}.",
    "The {office} said in a statement: 'We are looking into the {trouble} at the {thing}.'",
    "A spokeswoman for the {office} declined to comment on the {trouble}.",
    "Tickets cost {small} {money}; children under {small} pay nothing.",
    "The two towns, {Place} and {Other}, have shared one {thing} since {year}, and neither wants to give it up.",
    "While {Name} {Surname} hopes for a good {season}, her neighbours fear more {trouble}.",
)
_WORDS = {
    "thing": "bridge, library, market hall, swimming pool, water tower, tram line, school, theatre, ferry, mill",
    "done": "closed, reopened, repaired, painted, sold, rebuilt, moved, inspected, flooded, extended",
    "trouble": "damp, noise, rust, delays, drought, storms, complaints, debt, frost, heat, mosquitoes, power cuts",
    "goods": "bread, milk, fish, firewood, apples, steel, flour, wool, cement, honey, coffee",
    "office": "town council, harbour office, weather service, statistics office, building office, water board, court",
    "visitors": "visitors, guests, cyclists, swimmers, readers, tourists, fans, pupils",
    "season": "spring, summer, autumn, winter, harvest",
    "month": "January, February, March, April, May, June, August, September, October, November, December",
    "weekday": "Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday",
    "months": "days, weeks, months, years",
    "money": "euros, dollars, pounds, crowns",
}
_LISTS = {name: listed.split(", ") for name, listed in _WORDS.items()}
_SYLLABLES = ("ba", "bor", "dal", "den", "fen", "gar", "hol", "ka", "lin", "lo", "mar", "ne", "ol", "ri", "sten", "tor")


def ordinary_articles(count: int, seed: int = 1) -> list[Article]:
    """Make articles of ordinary news, the same for the same seed."""
    chance = random.Random(seed)
    return [_article(chance, number) for number in range(count)]


def _article(chance: random.Random, number: int) -> Article:
    names = {name: _name(chance) for name in ("Place", "Other", "Name", "Surname")}
    sentences = [_sentence(chance, names) for _ in range(_SENTENCES)]
    title = f"{names['Place']}: {chance.choice(_LISTS['trouble'])} at the {chance.choice(_LISTS['thing'])}"
    paragraphs = [" ".join(sentences[at : at + _IN_PARAGRAPH]) for at in range(0, _SENTENCES, _IN_PARAGRAPH)]
    text = "\n".join([title, *paragraphs])
    return Article(
        article_id=short_hash("ordinary", number),
        page_id=short_hash("ordinary", number),
        url=None,
        source="bench",
        file_name=None,
        language="en",
        title=title,
        published=Stamp(_PUBLISHED, "time", "given"),
        fetched_at=_PUBLISHED,
        content_sha256=short_hash(text),
        text=text,
        text_basis="plain",
    )


def _sentence(chance: random.Random, names: dict[str, str]) -> str:
    words = {name: chance.choice(listed) for name, listed in _LISTS.items()}
    numbers = {
        "count": str(chance.randint(30, 4000)),
        "percent": f"{chance.randint(1, 40)}.{chance.randint(0, 9)}",
        "small": str(chance.randint(2, 12)),
        "year": str(chance.randint(1890, 2023)),
    }
    return chance.choice(_PATTERNS).format(**words, **numbers, **names)


def _name(chance: random.Random) -> str:
    return "".join(chance.choices(_SYLLABLES, k=chance.randint(2, 3))).capitalize()
