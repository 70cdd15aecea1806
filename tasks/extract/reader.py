"""The extract stage: an article in, its reading out. It looks at no other article, and at no clock."""

from dataclasses import replace
from datetime import date
from itertools import groupby

from tasks.extract.claims import OTHER, Claim, Reader, has_tag
from tasks.extract.dates import DateMention
from tasks.extract.decisions import Decisions
from tasks.extract.discourse import Context, contexts_of, home_party
from tasks.extract.meaning import claims_in
from tasks.extract.report import Telling, make_report
from tasks.extract.reports import REFUSED_KINDS, decide
from tasks.extract.rulebook import Language, language, languages_read
from tasks.extract.selfcheck import checked
from tasks.extract.setting import ordinals_in
from tasks.extract.stories import stories_of
from tasks.extract.story import Story
from tasks.extract.story_days import tells_of_several_days
from tasks.extract.tokens import Sentence, sentences_of, tag_tokens
from tasks.extract.told import DONE
from tasks.extract.version import extractor_version
from tasks.records import Article, Figure, OrdinalClaim, Reading, short_hash
from tasks.settings import Conflict

_LATE_NEWS_DAYS = 7
_OPENING = 8
"""Sentences in which an article says when what it tells happened."""
_AUTHOR_TAGS = ("AUTHORITY", "MEDIATOR", "PARTY")


def read_article(article: Article, conflict: Conflict) -> Reading:
    """Read one article. Raises for no text: what cannot be read is left out.

    Raises SettingsError if the language's rules do not do what their own examples say.

    An article that comes late names a day of the week before: it is read as news of that day, unless it tells of
    something that happened since. One that tells of exchanges on several days looks back over the week.
    """
    if article.language not in languages_read():
        return Reading(article.article_id, extractor_version(), no_report_because="language_not_read")
    known = checked(language(article.language, conflict), conflict)
    reader = Reader(known, conflict, _day_published(article, conflict))
    sentences = _sentences(article, reader)
    if tells_of_several_days(sentences, reader):
        reader = replace(reader, news_days=_LATE_NEWS_DAYS)
        sentences = _sentences(article, reader)
    reading = _read(article, sentences, reader)
    if _names_a_late_day(sentences, reader) and all(report.date_basis == "published" for report in reading.reports):
        reader = replace(reader, news_days=_LATE_NEWS_DAYS)
        late = _read(article, _sentences(article, reader), reader)
        if late.reports and all(report.date_basis not in (None, "published") for report in late.reports):
            return late
    return reading


def _names_a_late_day(sentences: list[Sentence], reader: Reader) -> bool:
    """Whether the opening names a day that is too old for news, but not by much."""
    mentions = [
        token.value for sentence in sentences[:_OPENING] for token in sentence.tokens if token.tag == "OLD_DATE"
    ]
    return any(
        isinstance(mention, DateMention)
        and mention.names_a_day
        and not mention.is_old(reader.published, _LATE_NEWS_DAYS)
        for mention in mentions
    )


def _read(article: Article, sentences: list[Sentence], reader: Reader) -> Reading:
    authors: dict[int | None, str | None] = {
        post.post_no: _author(f"{post.author} {post.handle}", reader.language) for post in article.posts
    }
    contexts = contexts_of(sentences, reader, authors)
    claims: list[Claim] = []
    for sentence, context in zip(sentences, contexts, strict=True):
        claims.extend(claims_in(sentence, context, reader, claims))
    ordinals = list(ordinals_in(sentences, contexts, reader))
    stories, because = stories_of(sentences, contexts, claims, reader)
    figures = [_unused_figure(article, claim, because) for claim in claims]
    home = home_party(sentences, reader) if stories else None
    telling = Telling(sentences, contexts, reader, article.published_basis)
    decided_stories = [
        (story, places, decided)
        for story in stories
        for places in [[place for place, claim in enumerate(claims) if claim.sentence in story.sentences]]
        for decided in [
            decide([claims[place] for place in places], reader.conflict, home, is_of_a_day=story.day is not None)
        ]
        if decided.cells or _is_told(story, contexts)
    ]
    because = because or (None if decided_stories else "not_completed")
    stories = [story for story, _, _ in decided_stories]
    reports = []
    for report_no, (story, places, decided) in enumerate(decided_stories, start=1):
        for local, place in enumerate(places):
            figures[place] = _figure(article, decided, local, report_no)
        in_story = [claim for number, claim in ordinals if number in story.sentences]
        reports.append(make_report(report_no, decided, [figures[place] for place in places], in_story, telling, story))
    return Reading(
        article.article_id,
        extractor_version(),
        tuple(figures),
        tuple(reports),
        tuple(_with_report_no(number, claim, stories) for number, claim in ordinals),
        because,
    )


def _is_told(story: Story, contexts: list[Context]) -> bool:
    """Whether a sentence says in so many words what happened: without that, or a number, it is no report."""
    return any(
        contexts[number].event in (DONE, "moved", "one_freed") and contexts[number].tells_of is None
        for number in story.sentences
    )


def _day_published(article: Article, conflict: Conflict) -> date | None:
    try:
        return article.published_at.astimezone(conflict.timezone).date() if article.published_at else None
    except OverflowError:
        return None


def _author(name: str, known: Language) -> str | None:
    """Say which party or mediator a post's author speaks for, by the words of its name."""
    tokens = tag_tokens(name, 0, len(name), known, None)
    return next((str(token.value) for tag in _AUTHOR_TAGS for token in tokens if token.tag == tag), None)


def _sentences(article: Article, reader: Reader) -> list[Sentence]:
    texts: list[tuple[int | None, str, int]] = [(None, article.text, len(article.title or ""))]
    texts += [(post.post_no, post.text, 0) for post in article.posts if post.text != article.text]
    sentences: list[Sentence] = []
    for post_no, text, title_length in texts:
        sentences += sentences_of(
            text,
            post_no,
            reader.language,
            reader.published,
            title_length,
            sentences[-1] if sentences else None,
            reader.news_days,
        )
    return _that_matter(sentences, reader.language)


def _that_matter(sentences: list[Sentence], known: Language) -> list[Sentence]:
    """Leave out the paragraphs in which nothing matters, so that none of them parts what belongs together."""
    kept: list[Sentence] = []
    paragraph = -1
    for _, group in groupby(sentences, key=lambda sentence: sentence.paragraph):
        lines = list(group)
        if not any(line.is_headline or has_tag(line, known, "MATTERS") for line in lines):
            continue
        paragraph += 1
        if lines[0].number != len(kept):
            lines = [replace(line, number=len(kept) + place, paragraph=paragraph) for place, line in enumerate(lines)]
        kept += lines
    return kept


def _unused_figure(article: Article, claim: Claim, because: str | None) -> Figure:
    """Make the figure of a count outside of any story, and say why it is not used."""
    if because == "other_conflict":
        return _made(article, replace(claim, returned_to=None), None, because)
    if because == "irrelevant":
        return _made(
            article, replace(claim, kind=OTHER, returned_to=None) if claim.is_news else claim, None, "not_people"
        )
    refused = REFUSED_KINDS.get(claim.kind, "planned" if because == "planned_only" else "no_side")
    return _made(article, claim, None, refused)


def _figure(article: Article, decided: Decisions, place: int, report_no: int) -> Figure:
    """Make the figure of a count in a story: part of its report, or refused."""
    refused = None if place in decided.used() else decided.refused.get(place)
    return _made(article, decided.settled(place), None if refused else report_no, refused)


def _made(article: Article, claim: Claim, report_no: int | None, refused: str | None) -> Figure:
    figure_id = short_hash(article.article_id, claim.span.post_no, claim.span.start, claim.span.end)
    return Figure(
        figure_id,
        report_no,
        claim.kind,
        claim.returned_to,
        claim.category,
        claim.quantity.value,
        claim.quantity.low,
        claim.quantity.high,
        claim.hedge,
        claim.claimant,
        claim.span,
        claim.rule,
        refused,
    )


def _with_report_no(number: int, claim: OrdinalClaim, stories: list[Story]) -> OrdinalClaim:
    """Tie an ordinal of the war's series to the report in whose story it stands."""
    places = (place for place, story in enumerate(stories, start=1) if number in story.sentences)
    return replace(claim, report_no=next(places, None)) if claim.series == "war" else claim
