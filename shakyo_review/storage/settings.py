"""What is kept with the book beside plan and figures, such as the working year."""

from shakyo_review.storage.format import Database


def get_setting(db: Database, key: str) -> str | None:
    """Return a fact kept with the book (such as the working year)."""
    row = db.execute("SELECT value FROM book WHERE key = ?", [key]).fetchone()
    return None if row is None else str(row[0])


def put_setting(db: Database, key: str, value: str) -> None:
    """Keep a fact with the book."""
    db.execute("INSERT OR REPLACE INTO book (key, value) VALUES (?, ?)", [key, value])


def settings_named(db: Database, begin: str) -> dict[str, str]:
    """Return the facts kept with the book whose names begin so, by the rest of their names."""
    rows = db.execute(
        "SELECT key, value FROM book WHERE substr(key, 1, ?) = ? ORDER BY key", [len(begin), begin]
    )
    return {str(key)[len(begin) :]: str(value) for key, value in rows}


def drop_setting(db: Database, key: str) -> None:
    """Keep a fact no more."""
    db.execute("DELETE FROM book WHERE key = ?", [key])
