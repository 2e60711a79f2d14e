"""What this machine remembers of a person's last choices, per book. Losing it harms nobody."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from shakyo_review.services.settings import settings_path

FILE = "remembered.json"
MOST = 100
"""Books that are remembered; the one not used for longest is forgotten first."""
OWNER = "owner"
OPENED = "opened"


def remembered(book: Path, name: str) -> str:
    """Return what was remembered for a book under a name; '' where nothing was."""
    kept = _read().get(str(book.absolute()))
    value = kept.get(name) if isinstance(kept, dict) else None
    return value if isinstance(value, str) else ""


def remember(book: Path, name: str, value: str) -> None:
    """Remember a choice for a book; a machine on which that cannot be written forgets it."""
    from shakyo_review.services.files import CannotWrite, write_whole

    everything, place = _read(), str(book.absolute())
    kept = everything.pop(place, {})
    everything[place] = {**(kept if isinstance(kept, dict) else {}), name: value}
    newest = dict(list(everything.items())[-MOST:])
    path = settings_path().with_name(FILE)
    with suppress(CannotWrite):
        text = json.dumps(newest, ensure_ascii=False, indent=1)
        write_whole(path, text.encode(), make_folder=True)


def recent_books(most: int = 8) -> list[Path]:
    """Return the books used on this machine that are still there, the last one first."""
    known = [Path(place) for place in reversed(_read())]
    with suppress(OSError):
        return [path for path in known if path.is_file()][:most]
    return []


def _read() -> dict[str, Any]:
    try:
        found = json.loads(settings_path().with_name(FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
