"""The words of words.toml, ready to use."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("words.toml")


@dataclass(frozen=True, slots=True)
class Agency:
    """A news agency. named: its name in any line. credited: in a line that credits it, alone or behind a person.

    in_dateline: as a dateline ends with it. hosts: its own sites, each behind a dot.
    """

    name: str
    named: re.Pattern[str]
    credited: re.Pattern[str]
    in_dateline: re.Pattern[str]
    hosts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """What the clean stage knows about pages in words.

    paragraphs: reason -> pattern over a whole paragraph; any_paragraph: all of them at once. elements: word of a class
    name or id -> reason. forms: the same, for forms only. months: word -> 1..12, over all languages.
    label: how the labels of lists of other stories begin.
    no_article: how the headlines of pages begin that hold none. placeholders: lines of posts that are the platform's.
    letter: name of a letter's header -> date, subject or other.
    time_label: what a shown time is, in the groups published and updated. used_by: what says that a credit is none.
    first_person: words of a post's voice, over all languages.
    signature: the line below an embedded post that names its author, in the groups author, handle and date.
    """

    paragraphs: dict[str, re.Pattern[str]]
    any_paragraph: re.Pattern[str]
    breadcrumb: re.Pattern[str]
    label: re.Pattern[str]
    no_article: re.Pattern[str]
    placeholders: frozenset[str]
    letter: dict[str, str]
    elements: dict[str, str]
    forms: dict[str, str]
    months: dict[str, int]
    time_label: re.Pattern[str]
    used_by: re.Pattern[str]
    agencies: tuple[Agency, ...]
    first_person: frozenset[str]
    signature: re.Pattern[str]
    common: dict[str, frozenset[str]]


@cache
def words() -> Words:
    """Read words.toml, once per process."""
    listed = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    elements = {word: reason for reason, named in listed["dropped_elements"].items() for word in named}
    elements |= {word: reason for reason, named in listed["two_word_elements"].items() for word in named}
    paragraphs = {reason: _paragraph_pattern(forms) for reason, forms in listed["dropped_paragraphs"].items()}
    return Words(
        paragraphs=paragraphs,
        any_paragraph=re.compile("|".join(pattern.pattern for pattern in paragraphs.values()), re.IGNORECASE),
        breadcrumb=_breadcrumb_pattern(listed["breadcrumb"]["first"], listed["breadcrumb"]["separators"]),
        label=re.compile("|".join(listed["list_labels"]["begins"]), re.IGNORECASE),
        no_article=re.compile("|".join(listed["no_article"]["begins"]), re.IGNORECASE),
        placeholders=frozenset(listed["post_placeholders"]["lines"]),
        letter={name: kind for kind, named in listed["letter"].items() for name in named},
        elements=elements,
        forms={word: reason for reason, named in listed["dropped_forms"].items() for word in named},
        months=_months(listed["months"]),
        time_label=_label_pattern(listed["time_labels"]),
        used_by=re.compile("|".join(listed["credits"]["used_by"]), re.IGNORECASE),
        agencies=tuple(_agency(one["name"], one["words"], one["hosts"]) for one in listed["agencies"]),
        first_person=frozenset(word for named in listed["first_person"].values() for word in named),
        signature=_signature_pattern(listed["post_signatures"]),
        common={language: frozenset(named) for language, named in listed["common"].items()},
    )


def _paragraph_pattern(forms: dict[str, list[str]]) -> re.Pattern[str]:
    whole = [f"(?:{form})[.:]?$" for form in forms.get("whole", [])]
    return re.compile("|".join([*whole, *(f"(?:{form})" for form in forms.get("begins", []))]), re.IGNORECASE)


def _label_pattern(listed: dict[str, list[str]]) -> re.Pattern[str]:
    groups = (rf"(?P<{name}>\b(?:{'|'.join(labels)})\b)" for name, labels in listed.items())
    return re.compile("|".join(groups), re.IGNORECASE)


def _agency(name: str, spelled: list[str], hosts: list[str]) -> Agency:
    """Make an agency's patterns. A name that goes on behind a hyphen is another's: Interfax and Interfax-Ukraine."""
    name_itself = f"(?:{'|'.join(map(re.escape, spelled))})"
    named = rf"(?<![\w/-]){name_itself}(?![\w-]|/\w)"
    credited = rf"(?:^|[,|(–]\s*|\b[Bb]y (?:the )?|/\s+){name_itself}\)?\s*$"
    capitals = r"^[A-ZА-ЯІЇЄҐ][A-ZА-ЯІЇЄҐ' -]{2,}"
    in_dateline = (
        rf"{capitals}(?:\W[^–]{{0,70}})?[(/]{name_itself}[)/]\s*[–.-]"
        rf"|{capitals}[.,] \d{{1,2}} \w+\.?[ –-]*{name_itself}\s*[.–-]|^{name_itself}\s[–-]\s"
    )
    return Agency(
        name, re.compile(named), re.compile(credited), re.compile(in_dateline), tuple(f".{host}" for host in hosts)
    )


def _signature_pattern(listed: dict[str, list[str]]) -> re.Pattern[str]:
    begins, on = "|".join(listed["begins"]), "|".join(listed["before_date"])
    return re.compile(
        rf"(?:^|\n)\s*(?:{begins}) (?P<author>[^\n(@]{{2,80}}?)\s*(?:\(@(?P<handle>[\w.]{{1,30}})\))?"
        rf"(?:\s+(?:{on})\s+(?P<date>[^\n]{{0,60}}))?\s*$",
        re.IGNORECASE,
    )


def _breadcrumb_pattern(first: list[str], separators: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(first)})\s*{separators}\s*\S.*$", re.IGNORECASE)


def _months(listed: dict[str, list[str]]) -> dict[str, int]:
    """Give each month its number, by its word and by the first three or four letters of it: Sept, лип, нояб."""
    numbered = [(word, number) for named in listed.values() for number, word in enumerate(named, start=1)]
    return {form: number for word, number in numbered for form in (word[:3], word[:4], word)}
