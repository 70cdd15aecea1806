"""What is told of the difference between two releases."""

from tasks.paths import Store
from tasks.publish.difference import difference
from tasks.settings import Conflict
from tests.making import a_reading, an_article
from tests.store.opening import keep, opened

NOTHING = {"new": 0, "changed": 0, "withdrawn": 0}


def test_a_swap_that_only_bears_another_name_has_not_changed(store: Store, russia_ukraine: Conflict) -> None:
    article = an_article()
    _, published = keep(store, russia_ukraine, (article, a_reading(article)))
    with opened(store, russia_ukraine) as warehouse:
        warehouse.run("UPDATE swaps SET swap_id = 'swap-another'")
        renamed = difference(warehouse, published.release, russia_ukraine.parties)
        warehouse.run("UPDATE swaps SET returned_to_ukraine = returned_to_ukraine + 1")
        other = difference(warehouse, published.release, russia_ukraine.parties)
    assert (renamed.swaps, renamed.changes) == (NOTHING, ())
    assert other.swaps == {"new": 1, "changed": 0, "withdrawn": 1}
