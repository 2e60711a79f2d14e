"""A report made in a browser is handed to that browser, and to no other."""

import asyncio
from io import BytesIO
from zipfile import ZipFile

from books import new_book
from served import served


def test_a_report_goes_to_the_browser_of_who_has_made_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(
        "TEXTUAL_PRESS", "ctrl+q"
    )  # what is set for the server is not for its visitors
    path = new_book(tmp_path / "book.db")

    async def run():
        async with served(path) as server:
            maker, other = server.visit(), server.visit()
            await maker.enter("山田")
            await other.enter("鈴木")
            terminal = await maker.open()
            await terminal.until("小さな計画")
            await terminal.type("\x1b[20~")  # F9 報告書
            await terminal.until("作成する")
            assert "フォルダ" not in terminal.text  # no place on the server can be named
            await terminal.type("\x07")  # Ctrl+G
            ((kind, key),) = await terminal.told("deliver_file_start")
            assert kind == "deliver_file_start"
            assert (await other.get(f"/download/{key}")).status == 404
            assert (await server.visit().get(f"/download/{key}")).status == 404
            answer = await maker.get(f"/download/{key}")
            assert answer.status == 200
            assert answer.headers["Content-Type"] == "application/octet-stream"
            assert answer.headers["Content-Disposition"].startswith('attachment; filename="')
            body = await answer.text()
            assert body.lstrip().startswith("<!DOCTYPE html>")
            assert body.rstrip().endswith("</html>")
            assert (await maker.get(f"/download/{key}")).status == 404  # handed out once
            await terminal.type("\x1b[Z\x1b[Z\x1b[Z\x1b[B ")  # to the documents: 概要版 as well
            await terminal.until("[x] 概要版")
            terminal.said.clear()
            await terminal.type("\x07")
            ((_, key),) = await terminal.told("deliver_file_start")
            answer = await maker.get(f"/download/{key}")
            assert 'filename="small-2024.zip"' in answer.headers["Content-Disposition"]
            with ZipFile(BytesIO(await answer.read())) as bundle:  # several files come as one
                assert bundle.testzip() is None
                assert bundle.namelist() == ["small-2024-2.html", "small-2024-summary-2.html"]

    asyncio.run(run())
    assert [one.name for one in tmp_path.iterdir()] == ["book.db"]
