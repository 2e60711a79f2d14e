"""The time of changes: as the history keeps it, and as people read it."""

from datetime import UTC, datetime


def now() -> str:
    """Return the time of a change: ISO, UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def local_time(at: str) -> str:
    """Return a time of the history for people: 2026年11月21日 09:05, in the machine's time zone."""
    try:
        moment = datetime.fromisoformat(at).astimezone()
    except (ValueError, OverflowError):  # altered by other means
        return at
    return f"{moment.year}年{moment.month}月{moment.day}日 {moment:%H:%M}"
