"""All tables of the ledger, in the order in which they depend on each other."""

from collections.abc import Mapping
from functools import cache

import pandera.polars as pa

from schemas.articles import articles, embedded_posts
from schemas.backfills import backfills, readings, shards
from schemas.figures import swap_figures
from schemas.parties import Party
from schemas.releases import releases
from schemas.reports import ordinal_claims, report_evidence, swap_reports
from schemas.runs import rejected, runs
from schemas.sources import listings, robots, sources, visits
from schemas.swaps import swaps

DECLARATIONS = (
    articles,
    embedded_posts,
    swap_figures,
    swap_reports,
    report_evidence,
    ordinal_claims,
    swaps,
    rejected,
    runs,
    sources,
    releases,
    backfills,
)
VERSIONED = ("articles", "embedded_posts", "swap_figures", "swap_reports", "report_evidence", "ordinal_claims")
"""Tables whose rows belong to one version of a page: superseded ones stand in the schema `history`."""
CONTENT = ("articles", "embedded_posts", "swap_figures", "swap_reports", "report_evidence", "ordinal_claims", "swaps")
"""Tables that make two ledgers the same or not."""
NOT_CONTENT = ("fetched_at", "last_seen_at", "file_name", "version_no", "swap_id", "parent_swap_id")
"""Columns left out of that comparison: names given on arrival, and the times and files of fetching."""


@cache
def ledger_tables(parties: tuple[Party, ...]) -> Mapping[str, pa.DataFrameSchema]:
    """Give every public table by name. They are made once a process: it takes 10 ms, and every load asks for them."""
    declared = (declare(parties) for declare in DECLARATIONS)
    return {schema.name: schema for schema in declared}


@cache
def private_tables(parties: tuple[Party, ...]) -> Mapping[str, pa.DataFrameSchema]:
    """Give the tables of the warehouse that are not published: what runs need to know of those before them."""
    declared = (declare(parties) for declare in (visits, listings, robots, shards, readings))
    return {schema.name: schema for schema in declared}


DERIVED = {"articles": ("version_no",), "swap_reports": ("swap_id",)}
"""Columns that a row gets only beside all other rows: publishing adds them."""


@cache
def loaded_tables(parties: tuple[Party, ...]) -> Mapping[str, pa.DataFrameSchema]:
    """Give the tables that articles are loaded into, without the columns that publishing adds."""
    tables = ledger_tables(parties)
    return {name: tables[name].remove_columns(list(DERIVED.get(name, ()))) for name in VERSIONED}
