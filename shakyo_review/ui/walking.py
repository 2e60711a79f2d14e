"""Where the cursor goes next in a sheet: the next field or blank that wants a value."""

from collections.abc import Sequence

from shakyo_review.domain.cell import Kind
from shakyo_review.ui.sheet import EDITABLE, Row, Sheet

Field = tuple[Row, Kind]


def next_field(
    sheet: Sheet, row: Row, kind: Kind, way: int, kinds: Sequence[Kind] = EDITABLE
) -> Field | None:
    """Return the next field that wants a value, going round; else simply the next; None where there is one only.

    ``kinds`` are the columns the person may write.
    """
    here = (row, kind)
    fields = [(r, k) for r in sheet.rows for k in EDITABLE if k in kinds or (r, k) == here]
    start = fields.index(here)
    ahead = [fields[(start + way * n) % len(fields)] for n in range(1, len(fields))]
    wanted = next((field for field in ahead if sheet.wants(*field)), None)
    return wanted or next(iter(ahead), None)


def next_blank(sheet: Sheet, start: int, way: int) -> Row | None:
    """Return the next row whose actual is missing, going round from a place; None where none is left."""
    rows = sheet.rows
    ahead = (rows[(start + way * n) % len(rows)] for n in range(1, len(rows) + 1))
    return next((row for row in ahead if sheet.wants(row, Kind.ACTUAL)), None)
