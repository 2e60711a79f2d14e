"""What is kept with the book beside plan and figures, such as the working year."""

from sqlite_utils import Database


def get_setting(db: Database, key: str) -> str | None:
    """Return a fact kept with the book (such as the working year)."""
    row = db.execute("SELECT value FROM book WHERE key = ?", [key]).fetchone()
    return None if row is None else str(row[0])


def put_setting(db: Database, key: str, value: str) -> None:
    """Keep a fact with the book."""
    db.table("book").upsert({"key": key, "value": value}, pk="key")
