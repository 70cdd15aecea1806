"""Whether the rules of a language do what their own examples say: a rule file that fails is refused."""

from collections.abc import Iterator
from functools import lru_cache

from tasks.errors import SettingsError
from tasks.extract.meaning import clause_cuts
from tasks.extract.patterns import FIGURE
from tasks.extract.rulebook import Language, Rule
from tasks.extract.tagged import tags_of
from tasks.extract.tokens import tag_dates, tag_tokens, tag_words
from tasks.settings import Conflict

_LANGUAGES_REMEMBERED = 8
_IN_QUESTION = ("NUMBER", "VAGUE", "SAME", "ORDINAL")
_BEFORE_RANGES = ("range", "rate")


def checked(known: Language, conflict: Conflict) -> Language:
    """Give the language back, once its rules do what their examples say. Raises SettingsError if one does not.

    The examples name the parties of one conflict: with the names of another there is nothing to hold them to.
    """
    failures = _failures(known) if known.examples == conflict.name else ()
    if failures:
        raise SettingsError(f"the rule file {known.code}.toml fails its own examples: {'; '.join(failures)}")
    return known


@lru_cache(maxsize=_LANGUAGES_REMEMBERED)
def _failures(known: Language) -> tuple[str, ...]:
    return tuple(failed_examples(known))


def failed_examples(language: Language) -> list[str]:
    """List every example that its rule does not match, and every counterexample that it does; none if all is well.

    To match means: the pattern is found in the sentence or, if the rule speaks of FIGURE, in the clause (or the
    sentence, if that is the rule's scope) around one of its numbers.
    """
    failures = []
    for rules in language.rules.values():
        for rule in rules:
            failures += [
                f"{rule.name}: does not match its example {text!r}"
                for text in rule.examples
                if not matches(rule, text, language)
            ]
            failures += [
                f"{rule.name}: matches its counterexample {text!r}"
                for text in rule.counterexamples
                if matches(rule, text, language)
            ]
            failures += [
                f"{rule.name}: has no {kind}"
                for kind, listed in (("example", rule.examples), ("counterexample", rule.counterexamples))
                if not listed and not rule.is_shared
            ]
    return failures


def matches(rule: Rule, text: str, language: Language) -> bool:
    """Whether a rule matches a sentence, for any number that may be the one in question."""
    return any(rule.pattern.search(tags) for tags in _readings(rule, text, language))


def _readings(rule: Rule, text: str, language: Language) -> Iterator[str]:
    if rule.ask == "date":
        yield tags_of(tag_words(text, 0, len(text), language), language)
        return
    if rule.ask in _BEFORE_RANGES:
        yield tags_of(tag_dates(text, 0, len(text), language, None), language)
        return
    tokens = tag_tokens(text, 0, len(text), language, None)
    tags = tags_of(tokens, language)
    figure = language.alphabet.character(FIGURE)
    if figure not in rule.pattern.pattern:
        yield tags
        return
    cuts = clause_cuts(tags, language)
    for place, token in enumerate(tokens):
        if token.tag in _IN_QUESTION:
            marked = tags[:place] + figure + tags[place + 1 :]
            first = max(cut for cut in cuts if cut <= place)
            last = min(cut for cut in cuts if cut > place)
            yield marked if rule.scope == "sentence" or token.tag == "ORDINAL" else marked[first:last]
