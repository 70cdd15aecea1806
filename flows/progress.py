"""How far a run is: a bar in the terminal, and a progress artifact in Prefect."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol
from uuid import UUID

from prefect.artifacts import create_progress_artifact, update_progress_artifact
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text


class Advance(Protocol):
    """Tell that so many more items are done."""

    def __call__(self, items: int) -> None: ...  # noqa: D102


class _Rate(ProgressColumn):
    """Items a minute."""

    def render(self, task: Task) -> Text:
        """Show the rate, once there is one."""
        return Text(f"{60 * task.speed:,.0f}/min" if task.speed else "")


@contextmanager
def progress(flow: str, total: int) -> Iterator[Advance]:
    """Show progress over `total` items while the block runs. The bar shows only where a person looks at it."""
    artifact = create_progress_artifact(progress=0.0, key=f"{flow}-progress", description=f"{flow}: {total} items")
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
        transient=True,
    )
    done = 0
    with bar:
        shown = bar.add_task(flow, total=total)

        def advance(items: int) -> None:
            nonlocal done
            done += items
            bar.update(shown, completed=done)
            if isinstance(artifact, UUID):
                update_progress_artifact(artifact, progress=100.0 * done / total if total else 100.0)

        yield advance
        if not total:
            advance(0)
