"""Files a visitor's process offers (reports): fetched once, by the session they belong to."""

import asyncio
from collections.abc import AsyncGenerator, Collection
from urllib.parse import quote

from textual_serve.app_service import AppService
from textual_serve.download_manager import DOWNLOAD_CHUNK_SIZE, Download, DownloadManager

CHUNK_SECONDS = 30.0


class CutShort(Exception):
    """The process has ended in the middle of a file."""


class Downloads(DownloadManager):
    """Textual's downloads, one at a time each; a file that is cut short is never taken for a whole one."""

    def __init__(self) -> None:
        super().__init__()
        self._begun: set[str] = set()

    def take(self, key: str, processes: Collection[AppService]) -> Download | None:
        """Return a file that one of these processes offers and that nobody fetches yet."""
        offered = self._active_downloads.get(key)
        if offered is None or key in self._begun or offered.app_service not in processes:
            return None
        self._begun.add(key)
        return offered

    async def download(self, delivery_key: str) -> AsyncGenerator[bytes, None]:
        """Yield the content; raises ``CutShort`` where the process ends before it is complete."""
        offered = self._active_downloads[delivery_key]
        try:
            while True:
                request: dict[str, str | int | bool | None] = {
                    "type": "deliver_chunk_request",
                    "key": delivery_key,
                    "size": DOWNLOAD_CHUNK_SIZE,
                    "name": offered.name,
                }
                if not await offered.app_service.send_meta(request):
                    raise CutShort
                try:
                    chunk = await asyncio.wait_for(offered.incoming_chunks.get(), CHUNK_SECONDS)
                except TimeoutError:
                    raise CutShort from None
                if chunk is None:
                    raise CutShort
                if not chunk:
                    return
                yield chunk
        finally:
            self._active_downloads.pop(delivery_key, None)
            self._begun.discard(delivery_key)

    async def cancel_app_downloads(self, app_service_id: str) -> None:
        """Withdraw what a process has offered."""
        await super().cancel_app_downloads(app_service_id)
        for key, one in list(self._active_downloads.items()):
            if one.app_service.app_service_id == app_service_id and key not in self._begun:
                del self._active_downloads[key]


def headers(offered: Download) -> dict[str, str]:
    """Return the headers of a file: always one to be saved, never one to be shown as a page of ours."""
    name = "".join(c for c in offered.file_name if c.isprintable() and c not in '"\\/') or "report"
    plain = name.encode("ascii", "replace").decode().replace("?", "_")
    return {
        "Content-Type": "application/octet-stream",
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}",
    }
