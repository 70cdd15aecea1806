"""Which language a text is in."""

import re

from tasks.clean.words import words

_UKRAINIAN = re.compile(r"[іїєґ]")
_RUSSIAN = re.compile(r"[ыэъё]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_LATIN_WORD = re.compile(r"[a-z']+")
_SAMPLE = 5000
_COMMON_SHARE = 0.12


def language_of(text: str) -> str:
    """Tell en, uk, ru or other by letters that only one of them has, and by the commonest words.

    A sample from the beginning decides. Mixed pages go by what most of the sample is.
    """
    sample = text[:_SAMPLE].lower()
    latin = _LATIN_WORD.findall(sample)
    cyrillic = len(_CYRILLIC.findall(sample))
    if cyrillic > sum(map(len, latin)):
        ukrainian, russian = len(_UKRAINIAN.findall(sample)), len(_RUSSIAN.findall(sample))
        if ukrainian == russian:
            return "other"
        return "uk" if ukrainian > russian else "ru"
    return _latin_language(latin)


def _latin_language(latin: list[str]) -> str:
    for language, common in words().common.items():
        if latin and sum(word in common for word in latin) / len(latin) >= _COMMON_SHARE:
            return language
    return "other"
