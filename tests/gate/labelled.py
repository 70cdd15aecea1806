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


def labelled_articles(folder: Path) -> list[Labelled]:
    """Read the labels of a folder, in the order of their names.

    A file holds one article; or a collection of short ones, as tables `[[articles]]` with a name each.
    """
    return [labelled for file in sorted(folder.glob("*.toml")) for labelled in _labelled(file)]


def _labelled(file: Path) -> list[Labelled]:
    label = tomllib.loads(file.read_text(encoding="utf-8"))
    if "articles" not in label:
        return [Labelled(file.stem, label)]
    return [Labelled(short.pop("name"), short) for short in label["articles"]]
