"""The book: one SQLite file. The only room that imports sqlite_utils."""
