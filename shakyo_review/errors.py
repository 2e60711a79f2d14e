"""The one family of exceptions a user may meet.

Wrong data that can simply be shown beside a cell are values (``domain.checks.Finding``);
an operation that fails raises one of these. The message says what and where, the hint
what to do; both are Japanese sentences.
"""

import errno


def quoted(text: str, most: int = 40) -> str:
    """Return 「text」 for a message: short, one line, nothing a terminal would act upon."""
    short = text if len(text) <= most else f"{text[:most]}…"
    return f"「{''.join(c if c.isprintable() or c == '　' else '?' for c in short)}」"


class ReviewError(Exception):
    """An operation that failed, told in Japanese.

    ``exit_status`` is what a command ends with: 1 when the data say no, 2 for wrong usage.
    ``what`` names the text that is wrong (所見, 日付), so that a form can stand in its field.
    """

    exit_status = 1

    def __init__(self, message: str, hint: str = "", *, what: str = "") -> None:
        super().__init__(message)
        self.what = what
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}{self.hint}"


class WrongUsage(ReviewError):
    """The request itself cannot be understood: unknown code, year, branch, format."""

    exit_status = 2


class ValueProblem(ReviewError):
    """A text that is no value for the cell it was typed into."""


class PlanProblem(ReviewError):
    """A plan that contradicts itself or cannot be read; ``code`` names the item, if it is one."""

    def __init__(self, message: str, hint: str = "", code: str = "") -> None:
        super().__init__(message, hint)
        self.code = code


class BookProblem(ReviewError):
    """The book file cannot be used as it is: not ours, newer, damaged, locked, read-only."""


class NotAllowed(ReviewError):
    """What the role of the person acting does not allow; nothing was written."""


class ConflictFound(ReviewError):
    """Somebody else has changed the cell since it was read; nothing was written."""


class ImportRefused(ReviewError):
    """A file that was not taken over, with every bad row named in ``problems``."""

    def __init__(self, message: str, hint: str = "", problems: tuple[str, ...] = ()) -> None:
        super().__init__(message, hint)
        self.problems = problems


_REASONS = {
    **dict.fromkeys((errno.EACCES, errno.EPERM), "権限がありません"),
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG), "空き容量がありません"),
    errno.EROFS: "書き込めない場所です",
    errno.ENOENT: "その場所がありません",
    errno.ENOTDIR: "フォルダではないものが途中にあります",
    errno.EISDIR: "同じ名前のフォルダがあります",
    errno.EEXIST: "同じ名前のものがすでにあります",
    errno.ENAMETOOLONG: "名前が長すぎます",
    errno.ELOOP: "リンクがたどれません",
    errno.EIO: "装置の読み書きに失敗しました",
}


def os_reason(error: OSError) -> str:
    """Return why the system refused a file, in Japanese (its own words are English)."""
    return _REASONS.get(error.errno or 0, f"システムの番号 {error.errno}")
