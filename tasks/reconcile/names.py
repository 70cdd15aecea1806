"""The names of exchanges, which stay when reports come and go."""

from collections import Counter
from itertools import count

from tasks.reconcile.match import Key, ReportedSwap
from tasks.records import short_hash


def name_groups(groups: list[list[ReportedSwap]], known: dict[Key, str]) -> dict[Key, str]:
    """Name every exchange. known: the names given before.

    A name stays with the group that holds most of the reports that had it, and a group keeps the name that most of
    its reports had; a group that is left without one is named after its first report.
    """
    kept = _kept_names(groups, known)
    taken = set(known.values())
    names: dict[Key, str] = {}
    for place, reports in sorted(enumerate(groups), key=lambda numbered: min(report.key for report in numbered[1])):
        name = kept.get(place) or _new_name(reports, taken)
        taken.add(name)
        names |= {report.key: name for report in reports}
    return names


def _kept_names(groups: list[list[ReportedSwap]], known: dict[Key, str]) -> dict[int, str]:
    """Give each group, by its place, the name that it keeps; the pairs with most reports choose first."""
    pairs = [
        (-holding, name, min(report.key for report in reports), place)
        for place, reports in enumerate(groups)
        for name, holding in Counter(known[report.key] for report in reports if report.key in known).items()
    ]
    kept: dict[int, str] = {}
    for _, name, _, place in sorted(pairs):
        if place not in kept and name not in kept.values():
            kept[place] = name
    return kept


def _new_name(reports: list[ReportedSwap], taken: set[str]) -> str:
    first = min(report.key for report in reports)
    candidates = (f"swap-{short_hash(*first, attempt)[:10]}" for attempt in count())
    return next(name for name in candidates if name not in taken)
