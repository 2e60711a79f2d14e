"""Choosing under which name somebody works, and looking after the people registered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shakyo_review.domain.person import Act, Person, acting
from shakyo_review.errors import ReviewError
from shakyo_review.services import people as service
from shakyo_review.ui.dialogs import people as dialogs
from shakyo_review.ui.told import sentence

if TYPE_CHECKING:
    from shakyo_review.ui.app import ReviewApp


def ask_who(app: ReviewApp) -> None:
    """Ask for the name; who only looks keeps the one there is, which may write nothing."""

    def settle(name: str | None) -> None:
        if name:
            app.run_worker(_work_as(app, name))
        else:
            _tell(app, "見るだけです。書くときは、はじめの「利用者」で名前を選んでください。")

    app.push_screen(dialogs.WhoDialog(app.book), settle)


async def _work_as(app: ReviewApp, name: str) -> None:
    """Go on under another name: with screens of one's own, where one begins."""
    from shakyo_review.ui.app import first_screen

    app.book.who = name
    await app.switch_mode("home")
    for mode, made in app.MODES.items():
        if mode != "home":
            await app.remove_mode(mode)
            app.add_mode(mode, made)
    person = app.book.person
    app.to_tell = f"{person.label if person else name}として記録します。"
    first = first_screen(app.book)
    if first == "home":
        _tell(app, app.to_tell)
        app.to_tell = ""
    await app.switch_mode(first)


def look_after(app: ReviewApp, told: str = "") -> None:
    """Show who is registered, to those who may change it; others choose their name."""
    book = app.book
    if not book.may(Act.PEOPLE):
        if app.served:
            _tell(app, "利用者の登録は、事務局が行います。お名前は入口で選んだものです。")
        else:
            ask_who(app)
        return

    def settle(chosen: str | None) -> None:
        if chosen == dialogs.NEW:
            _register(app)
        elif chosen == dialogs.SWITCH:
            ask_who(app)
        elif chosen is not None:
            person = acting(book.people, chosen)
            if person is not None:
                _change(app, person)
        else:
            _tell(app, "")

    app.push_screen(dialogs.PeopleDialog(book, told=told, switch=not app.served), settle)


def _register(app: ReviewApp) -> None:
    known = {one.name for one in app.book.people}

    def settle(stored: bool | None) -> None:
        made = [one for one in app.book.people if one.name not in known]
        if not stored or not made:
            look_after(app)
            return
        told = f"{made[-1].label}を登録しました。"
        if (
            not known and app.book.person is None
        ):  # the first: who registers is whom they registered
            app.book.who = made[-1].name
            told += "これからは、この名前で記録します。"
        look_after(app, told)

    app.push_screen(dialogs.person_form(app.book, None), settle)


def _change(app: ReviewApp, person: Person) -> None:
    book = app.book

    def settle(what: str | None) -> None:
        if what == dialogs.CHANGE:
            done = f"{person.name}さんの登録を変えました。"
            app.push_screen(dialogs.person_form(book, person), lambda ok: after(ok, done))
        elif what == dialogs.WORD:
            done = f"{person.name}さんの合言葉を決めました。"
            app.push_screen(dialogs.PassphraseForm(book, person), lambda ok: after(ok, done))
        elif what == dialogs.REMOVE:
            app.push_screen(dialogs.sure(person), remove)
        else:
            look_after(app)

    def after(stored: bool | None, done: str) -> None:
        look_after(app, done if stored else "")

    def remove(agreed: bool | None) -> None:
        if not agreed:
            look_after(app)
            return
        try:
            service.remove(book, person.name)
        except ReviewError as problem:
            look_after(app, sentence(problem))
        else:
            look_after(app, f"{person.label}の登録を外しました。")

    app.push_screen(dialogs.what_to_do(book, person), settle)


def _tell(app: ReviewApp, text: str) -> None:
    screen = app.review_screen
    if screen is not None:
        screen.reload()
        if text:
            screen.tell(text)
