"""The file of a Word document: what may be a template, and the same bytes for the same parts."""

import io
import zipfile
from pathlib import Path

from shakyo_review.errors import os_reason
from shakyo_review.reports.rendering import TemplateTrouble

MOST_BYTES = 50_000_000
"""Unpacked size of a template; a council's own with pictures stays far below."""
_OLD_OFFICE = bytes.fromhex("d0cf11e0")
_EARLIEST = (1980, 1, 1, 0, 0, 0)
_TYPES = "[Content_Types].xml"
_UNIX = 3


def read_template(path: Path, name: str) -> bytes:
    """Return a Word template's bytes after looking at what it is.

    Raises ``TemplateTrouble`` for anything that is no plain Word file.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise TemplateTrouble(
            f"ひな型「{name}」が読めません（{os_reason(error)}）。",
            "場所と権限を確かめてください。",
        ) from error
    if content.startswith(_OLD_OFFICE):
        raise TemplateTrouble(
            f"ひな型「{name}」は古い形式か、パスワードの付いたファイルです。",
            "Word で開き、パスワードを外して docx 形式で保存してください。",
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(info.file_size for info in archive.infolist())
            names = set(archive.namelist())
            types = archive.read(_TYPES) if size <= MOST_BYTES else b""
    except (zipfile.BadZipFile, KeyError, OSError, RuntimeError, NotImplementedError, ValueError):
        raise unreadable(name) from None
    if size > MOST_BYTES:
        raise TemplateTrouble(
            f"ひな型「{name}」が大きすぎます。", "画像を小さくして保存してください。"
        )
    if b"macroEnabled" in types or any(one.lower().endswith("vbaproject.bin") for one in names):
        raise TemplateTrouble(
            f"ひな型「{name}」にマクロが入っています。",
            "マクロのない docx 形式で保存してください。",
        )
    if b"wordprocessingml.document.main" not in types:
        raise unreadable(name)
    return content


def unreadable(name: str) -> TemplateTrouble:
    """Return the sentence for a template that is no Word file, or a damaged one."""
    return TemplateTrouble(
        f"ひな型「{name}」は、Word のファイル（docx）として読めません。",
        "Word で開けるか確かめ、docx 形式で保存し直してください。",
    )


def packed(parts: dict[str, bytes]) -> bytes:
    """Return the parts as a zip file whose bytes depend on them alone."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in sorted(parts, key=lambda one: (one != _TYPES, one)):
            info = zipfile.ZipInfo(name, _EARLIEST)
            info.create_system = _UNIX
            info.external_attr = 0
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, parts[name])
    return buffer.getvalue()


def repacked(content: bytes) -> bytes:
    """Return a zip file again, without the times and the order it was written in."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return packed({name: archive.read(name) for name in archive.namelist()})
