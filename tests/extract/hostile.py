"""Texts on which a careless reader takes forever: the tests read them, the bench times them."""

from collections.abc import Callable

HOSTILE: dict[str, tuple[int, Callable[[int], str]]] = {
    "digits without a space": (100_000, lambda size: "9" * size),
    "digits with spaces": (100_000, lambda size: "9 " * (size // 2)),
    "nested brackets": (100_000, lambda size: "(" * (size // 2) + ")" * (size // 2)),
    "nested brackets with spaces": (100_000, lambda size: "( " * (size // 4) + ") " * (size // 4)),
    "each each each ...": (10_000_000, lambda size: "each " * (size // 5)),
    "one sentence of numbers and people": (100_000, lambda size: "95 soldiers and 103 captives, " * (size // 30)),
    "one paragraph of short sentences": (400_000, lambda size: "The road was wet and grey. " * (size // 27)),
    "short sentences, a line each": (400_000, lambda size: "The road was wet and grey.\n" * (size // 27)),
}
"""What each is called -> the characters of the largest one that the bench takes, and how to make one of any size."""
