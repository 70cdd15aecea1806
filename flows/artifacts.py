"""A run's summary as Prefect artifacts: counts by stage, how each source fared, what was refused and why."""

from prefect.artifacts import create_table_artifact

from flows.tally import Tally

_MOST_ROWS = 500


def summarise(tally: Tally) -> None:
    """Write both tables; they show in the Prefect UI beside the run."""
    create_table_artifact(
        key=f"{tally.flow}-stages",
        description=f"Run {tally.run_id}: items by stage.",
        table=[
            {
                "stage": count.stage,
                "in": count.items_in,
                "out": count.items_out,
                "refused": count.items_rejected,
                "seconds": round(count.duration_s, 2),
            }
            for count in tally.stages.values()
        ],
    )
    if tally.listings:
        _show_sources(tally)
    create_table_artifact(
        key=f"{tally.flow}-rejected",
        description=f"Run {tally.run_id}: {len(tally.rejections)} refused"
        + (f", the first {_MOST_ROWS} shown." if len(tally.rejections) > _MOST_ROWS else "."),
        table=[
            {"stage": one.stage, "item": one.item, "check": one.check_name, "why": one.message}
            for one in tally.rejections[:_MOST_ROWS]
        ],
    )


def _show_sources(tally: Tally) -> None:
    """Write how each source that was asked fared in this run, and how it fares against what is expected of it."""
    fares = {row["source"]: row for row in tally.sources}
    faulty = sum(row["status"] not in ("working", "not_asked", "off") for row in tally.sources)
    create_table_artifact(
        key=f"{tally.flow}-sources",
        description=f"Run {tally.run_id}: {len(tally.listings)} sources asked; {faulty} fail, or are silent or loud.",
        table=[
            {
                "source": one.source,
                "status": fares[one.source]["status"],
                "listed": one.listed,
                "not listed before": one.fresh,
                "fetched before": one.known,
                "other subjects, by title": one.passed_over,
                "other subjects, by page": one.off_topic,
                "left for the next run": one.postponed,
                "what is wrong": fares[one.source]["told"] or "",
            }
            for one in sorted(tally.listings, key=lambda one: (fares[one.source]["told"] is None, one.source))
        ],
    )


def show_plans(tally: Tally) -> None:
    """Write what a dry run would fetch."""
    wanted = [(source, one) for source, plan in tally.plans.items() for one in plan.wanted]
    create_table_artifact(
        key=f"{tally.flow}-plan",
        description=f"Dry run {tally.run_id}: {len(wanted)} addresses would be asked for"
        + (f", the first {_MOST_ROWS} shown." if len(wanted) > _MOST_ROWS else "."),
        table=[
            {"source": source, "address": one.url, "published": str(one.published or ""), "title": one.title or ""}
            for source, one in wanted[:_MOST_ROWS]
        ],
    )


def show_difference(tally: Tally) -> None:
    """Write what a backfill changed, or would change, swap by swap."""
    found = tally.difference
    if found is None:
        return
    create_table_artifact(
        key=f"{tally.flow}-difference",
        description=f"Run {tally.run_id}: {found.told()}"
        + (f" The first {_MOST_ROWS} swaps are shown." if len(found.changes) > _MOST_ROWS else ""),
        table=[
            {"swap": one.swap_id, "day": str(one.swap_date or ""), "is": one.how, "what": "; ".join(one.told)}
            for one in found.changes[:_MOST_ROWS]
        ],
    )
