"""Articles with hand labels: the text, and what a careful human reader would write down."""

import json
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tasks.clean.page import clean_page
from tasks.extract.reader import read_article
from tasks.records import Article, RawPage, Reading
from tasks.settings import Conflict

ARTICLES = Path(__file__).with_name("articles")
FETCHED = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Labelled:
    """One labelled article. label: title, published, language, manner, text, reports and other counts."""

    name: str
    label: dict[str, Any]

    @property
    def reports(self) -> list[dict[str, Any]]:
        """The reports that the label asks for."""
        return list(self.label.get("reports", []))

    def read(self, conflict: Conflict) -> tuple[Article, Reading]:
        """Clean and read the article as a record that came through the front door."""
        published = self.label.get("published")
        record = {
            "title": self.label.get("title"),
            "text": self.label["text"],
            "language": self.label["language"],
            "published_at": published.isoformat() if published else None,
        }
        content = json.dumps(record, ensure_ascii=False).encode()
        article = clean_page(RawPage(self.name, content, "application/json", FETCHED), conflict.timezone)
        return article, read_article(article, conflict)


class LabelError(ValueError):
    """A file of labels that cannot be read."""


def labelled_articles(folder: Path) -> list[Labelled]:
    """Read the labels of a folder, in the order of their names.

    A file holds one article; or a collection of short ones, as tables `[[articles]]` with a name each. Raises
    LabelError for a file that is no TOML, or an article without its text or language.
    """
    return [labelled for file in sorted(folder.glob("*.toml")) for labelled in _labelled(file)]


def _labelled(file: Path) -> list[Labelled]:
    try:
        label = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as wrong:
        raise LabelError(f"{file} is no TOML: {wrong}") from wrong
    labels = label.get("articles", [label | {"name": file.stem}])
    missing = {key for one in labels for key in ("name", "text", "language") if key not in one}
    if missing:
        raise LabelError(f"{file} lacks {', '.join(sorted(missing))}; see CONTRIBUTING.md, labelled articles")
    return [Labelled(one["name"], {key: value for key, value in one.items() if key != "name"}) for one in labels]
