"""Another language is data: Polish is read by a rule file of words, and the names of the parties, and nothing else."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from tasks.extract import reader
from tasks.extract.rulebook import Language, make_language, read_rules
from tasks.extract.selfcheck import failed_examples
from tasks.settings import Conflict, PartyWords
from tests.gate.labelled import labelled_articles
from tests.gate.score import Score, score

POLISH = Path(__file__).with_name("polish")
LEAST_EXACT = 0.8


@pytest.fixture(scope="module")
def conflict_in_polish(russia_ukraine: Conflict) -> Conflict:
    """Give the conflict with the names that Polish has for its parties and mediators."""
    names = tomllib.loads((POLISH / "names.toml").read_text(encoding="utf-8"))
    words = {
        party: {**by_language, "pl": PartyWords(**{key: tuple(said) for key, said in names["parties"][party].items()})}
        for party, by_language in russia_ukraine.words.items()
    }
    mediators = {word: name for name, listed in names["mediators"].items() for word in listed}
    return replace(russia_ukraine, words=words, mediators={**russia_ukraine.mediators, "pl": mediators})


@pytest.fixture(scope="module")
def polish(conflict_in_polish: Conflict) -> Language:
    return make_language(read_rules(POLISH / "pl.toml"), conflict_in_polish)


@pytest.fixture(scope="module")
def read_in_polish(polish: Language, conflict_in_polish: Conflict) -> Score:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader, "language", lambda _code, _conflict: polish)
        patch.setattr(reader, "languages_read", lambda: ("pl",))
        return score(labelled_articles(POLISH / "articles"), conflict_in_polish)


def test_the_words_are_enough_for_the_rules_of_the_family(polish: Language) -> None:
    assert failed_examples(polish) == []


def test_polish_is_read(read_in_polish: Score) -> None:
    assert read_in_polish.articles == 20
    assert read_in_polish.exact >= LEAST_EXACT * read_in_polish.articles
    assert read_in_polish.exchanged == 0
    assert read_in_polish.figures_sliced == read_in_polish.figures > 0
