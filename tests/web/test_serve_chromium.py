"""The screens in a real browser: Japanese typed through the input method arrives as it is."""

import asyncio

import pytest
from books import new_book, opened
from browser import CHROMIUM, chromium
from served import Shown, eventually, served

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.domain.value import format_reading

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")


def stored(path, code):
    with opened(path, "別の人") as book:
        return format_reading(book.cells(2024).get(CellKey(code, 2024, Kind.ACTUAL)).reading, 0)


def test_japanese_typed_in_a_browser_is_in_the_book(tmp_path):
    path = new_book(tmp_path / "book.db")

    async def run():
        async with served(path) as server, chromium() as browser:
            page = await browser.page()
            shown = Shown(200, 60)
            browser.seen[page.session] = shown
            await page.enter(server.address, "山田　花子「[/]」")
            await shown.until("小さな計画")
            await page.key("F6", 117)
            await shown.until("実績 ＞")
            await page.compose(["４", "４９", "４９５"], "４９５")
            await page.compose(["けん", "件"], "件")
            await shown.until("４９５件")
            await page.key("Enter", 13, "\r")
            await eventually(lambda: stored(path, "c") == "495", "the value typed in full width")
            await page.key("ArrowUp", 38)
            await page.compose(["ちゅうし", "中止"], "中止")
            await shown.until("中止")
            await page.key("Enter", 13, "\r")
            await eventually(lambda: "中止" in stored(path, "c"), "the state typed in kanji")
            await page.key("q", 81, modifiers=1)  # Alt stands for Ctrl: browsers keep some keys
            told = await page.until("document.querySelector('#end:not([hidden])').innerText")
            assert "終わりました" in told
            assert "もう一度入る" in told
            assert all(server.address.split("//")[1] in one for one in browser.requests)
            assert browser.errors == []

    asyncio.run(run())
    with opened(path) as book:
        who = [row["who"] for row in book.file.db.query("SELECT who FROM history ORDER BY id")]
    assert who[-2:] == ["山田 花子「[/]」"] * 2
