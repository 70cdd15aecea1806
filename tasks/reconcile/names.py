"""The names of exchanges, which stay when reports come and go."""

from collections import Counter
from itertools import count

from tasks.reconcile.match import Key, ReportedSwap
from tasks.records import short_hash


def name_groups(groups: list[list[ReportedSwap]], known: dict[Key, str]) -> dict[Key, str]:
    """Name every exchange: a group keeps the name that most of its reports had. known: the names given before.

    A name is given to one group only; a group without one is named after its first report.
    """
    names: dict[Key, str] = {}
    taken: set[str] = set()
    given = set(known.values())
    for reports in sorted(groups, key=lambda reports: min(report.key for report in reports)):
        held = Counter(name for report in reports if (name := known.get(report.key)) and name not in taken)
        name = min(held, key=lambda name: (-held[name], name)) if held else _new_name(reports, taken | given)
        taken.add(name)
        names |= {report.key: name for report in reports}
    return names


def _new_name(reports: list[ReportedSwap], taken: set[str]) -> str:
    first = min(report.key for report in reports)
    candidates = (f"swap-{short_hash(*first, attempt)[:10]}" for attempt in count())
    return next(name for name in candidates if name not in taken)
