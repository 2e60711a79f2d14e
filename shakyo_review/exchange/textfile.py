"""Text files as people hand them in: UTF-8 with or without BOM, or Shift_JIS.

Anything else (a folder, a workbook, UTF-16, EUC-JP, a file far too large) is refused with a
sentence; nothing is guessed that could change a figure or a name.
"""

import re
import stat
from collections.abc import Callable
from pathlib import Path

from shakyo_review.errors import ReviewError

Refuse = Callable[[str, str], ReviewError]
"""Makes the error to raise from a message and a hint."""

_SAVE_AS = "UTF-8（または Shift_JIS）のテキストとして保存し直してください。"
_HALF_KANA = re.compile("[\uff61-\uff9f]")
_KANA = re.compile("[\u3041-\u30fe]")
_NOT_JAPANESE = re.compile("[\x80\xa0\uf8f0-\uf8f3]")
"""What Python's cp932 makes of the five bytes that Shift_JIS leaves undefined."""


def printable(text: str) -> str:
    """Return a text for a message: one line, nothing a terminal would act upon."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\u3000" else "?" for c in text)


def shown_name(path: Path) -> str:
    """Return a file's name for a message."""
    return printable(path.name or str(path))


def read_text_file(path: Path, *, limit: int, refuse: Refuse) -> str:
    """Return the text of a file of at most ``limit`` bytes; raises what ``refuse`` makes."""
    data = read_file_bytes(path, limit=limit, refuse=refuse)
    return decode(data, shown_name(path), refuse=refuse)


def read_file_bytes(path: Path, *, limit: int, refuse: Refuse, hint: str = "") -> bytes:
    """Return what is in a file of at most ``limit`` bytes; raises what ``refuse`` makes.

    ``hint`` tells what to do about a file that is too large.
    """
    name = shown_name(path)
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise refuse(f"「{name}」はフォルダです。", "中のファイルを指定してください。")
        if not stat.S_ISREG(status.st_mode):
            raise refuse(
                f"「{name}」はふつうのファイルではありません。", "ファイルを指定してください。"
            )
        if status.st_size > limit:
            raise refuse(
                f"「{name}」は大きすぎます（{status.st_size:,}バイト）。",
                hint or f"{limit // 1_000_000}MB までのファイルを指定してください。",
            )
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise refuse(
            f"ファイル「{name}」がありません。", "名前と場所を確かめてください。"
        ) from None
    except PermissionError:
        raise refuse(
            f"「{name}」を読む権限がありません。", "ファイルの権限を確かめてください。"
        ) from None
    except (OSError, ValueError):  # a name no file can have, a broken link, a lost network folder
        raise refuse(f"「{name}」を読めません。", "名前と場所を確かめてください。") from None


def decode(data: bytes, name: str, *, refuse: Refuse) -> str:
    """Return bytes as text without BOM; raises what ``refuse`` makes for anything but text."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise refuse(f"「{name}」の文字コードは UTF-16 です。", _SAVE_AS)
    if data.startswith(b"PK\x03\x04"):
        raise refuse(
            f"「{name}」は表計算のファイル（または ZIP）で、テキストではありません。", _SAVE_AS
        )
    if b"\x00" in data:
        raise refuse(f"「{name}」はテキストファイルではありません。", _SAVE_AS)
    if re.search(rb"\x1b\$[@B]", data):
        raise refuse(f"「{name}」の文字コードは JIS（ISO-2022-JP）です。", _SAVE_AS)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    if _looks_like_euc(data):
        raise refuse(f"「{name}」の文字コードは EUC-JP です。", _SAVE_AS)
    try:
        text = data.decode("cp932")
    except UnicodeDecodeError:
        text = "\x80"
    if _NOT_JAPANESE.search(text):
        raise refuse(f"「{name}」の文字コードが読めません。", _SAVE_AS)
    return text


def _looks_like_euc(data: bytes) -> bool:
    """Whether bytes are EUC-JP: as Shift_JIS they would mostly be half-width kana."""
    try:
        text = data.decode("euc_jp")
    except UnicodeDecodeError:
        return False
    other = data.decode("cp932", errors="replace")
    foreign = sum(not c.isascii() for c in other)
    return bool(_KANA.search(text)) and 2 * len(_HALF_KANA.findall(other)) > foreign
