"""The closed lists of words that cells may hold, each with its meaning."""

KINDS = {
    "returned": "people freed to one side in an exchange",
    "each_side": "one number that holds for both sides, 'N each'",
    "both_total": "both sides' people together",
    "remains": "bodies handed over",
    "cumulative": "a running total since some day",
    "mediator_total": "a mediator's own running total",
    "previous_swap": "an earlier exchange",
    "planned": "an exchange that has not happened",
    "held": "people still in captivity",
    "other": "any other count of people",
}
CATEGORIES = {
    "all": "no split is stated",
    "military": "prisoners of war, soldiers, and the like",
    "civilian": "civilians",
    "wounded": "wounded or ill people",
    "child": "children",
    "other": "another part of the whole",
}
HEDGES = {
    "exact": "the number as it is",
    "about": "about, some, around",
    "nearly": "nearly, almost",
    "more_than": "more than, over",
    "at_least": "at least",
    "at_most": "at most, up to",
    "fewer_than": "fewer than, under",
}
REFUSALS = {
    "planned": "it had not happened",
    "previous": "it belongs to an earlier exchange",
    "cumulative": "it is a running total",
    "mediator_total": "it is a mediator's running total",
    "held": "it counts people still held",
    "other_conflict": "it belongs to another conflict",
    "subset": "it is a part of another figure",
    "restated": "it repeats a figure already used",
    "contradicted": "another claim of the same article says otherwise and counts for more, or neither does",
    "no_side": "the text does not settle whose people they are, or in which exchange they were freed",
    "not_people": "it counts something other than people freed",
}
NO_REPORT = {
    "irrelevant": "no prisoner exchange is told",
    "language_not_read": "the reader does not know this language",
    "planned_only": "only an exchange to come is told",
    "other_conflict": "the exchange is another conflict's",
    "not_completed": "no completed exchange is this article's news",
    "reading_rejected": "what was read failed a check; see the table rejected",
}
TIME_BASES = {
    "json_ld": "the page's JSON-LD",
    "meta": "a meta element",
    "microdata": "an itemprop attribute",
    "url": "the address",
    "time_element": "a time element",
    "dateline": "a line of the page or text that tells its date",
    "post": "an embedded post",
    "given": "given with the record",
}
SOURCE_KINDS = {
    "official": "an authority or office",
    "agency": "a news agency",
    "outlet": "any other publisher of news",
}
SOURCE_STATUSES = {
    "working": "its lists answer, with as many articles as expected",
    "failing": "none of its lists answered at the last run",
    "unread": "its lists answer, but none of the last pages that were fetched became an article",
    "silent": "its lists answer, with fewer articles than expected",
    "loud": "its lists answer, with more articles than expected",
    "not_asked": "no run has asked it yet",
    "off": "it is switched off",
}
BACKFILL_MODES = {
    "missing": "what is missing of the window is fetched, and archived pages that are stale are read again",
    "reprocess": "all archived pages of the window are read again, and nothing is fetched",
}
BACKFILL_STATUSES = {
    "running": "a run works on it, or was killed; the same backfill asked for again goes on with it",
    "failed": "its last run ended with an error; the same backfill asked for again goes on with it",
    "incomplete": "some of its sources could not be heard, or not whole; asked for again, it asks for the rest",
    "completed": "all of it was read",
}
CHANGES = {
    "new": "it was not there before",
    "changed": "it was there, and says something else now",
    "withdrawn": "it was there, and is not any more",
}
TIME_PRECISIONS = {
    "time": "to the minute or better",
    "day": "only the day is known, and its midnight UTC stands for it",
}
TEXT_BASES = {
    "own": "our reading of the page's structure alone",
    "both": "what our reading and trafilatura's agree on, and what belongs between it",
    "second": "trafilatura's reading, less furniture",
    "stated": "what the page states for programs, because it shows only a stub of it",
    "posts": "nothing but embedded posts",
    "plain": "plain text as it came",
}
DATE_BASES = {
    "explicit": "a full or partial calendar date in the text",
    "weekday": "a weekday, counted from the publication day",
    "relative": "today, yesterday, overnight and the like",
    "post": "the day of an embedded post",
    "dateline": "the dateline of the text",
    "published": "the publication day, because the text tells it as just happened",
}
DATE_PRECISIONS = {
    "day": "the day is known",
    "range": "between date_low and date_high",
    "month": "only the month is known",
    "unknown": "no report settles the day",
}
SWAP_KINDS = {"prisoners": "people", "remains": "bodies alone", "both": "people and bodies"}
AGREEMENTS = {
    "single_source": "one source tells of it",
    "agreed": "several sources, and no two differ",
    "disputed": "sources differ in a number",
}
STAGES = ("fetch", "clean", "extract", "validate", "load", "reconcile", "publish")


def spelled(words: dict[str, str]) -> str:
    """Spell a closed list for a column's description."""
    return "; ".join(f"{word}: {meaning}" for word, meaning in words.items())
