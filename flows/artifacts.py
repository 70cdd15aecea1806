"""A run's summary as Prefect artifacts: counts by stage, and what was refused and why."""

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
    create_table_artifact(
        key=f"{tally.flow}-rejected",
        description=f"Run {tally.run_id}: {len(tally.rejections)} refused"
        + (f", the first {_MOST_ROWS} shown." if len(tally.rejections) > _MOST_ROWS else "."),
        table=[
            {"stage": one.stage, "item": one.item, "check": one.check_name, "why": one.message}
            for one in tally.rejections[:_MOST_ROWS]
        ],
    )
