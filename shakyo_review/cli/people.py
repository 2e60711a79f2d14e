"""Commands of the people: who may write what, and their passphrases for the browser."""

import sys
from typing import TYPE_CHECKING, Any

import click

from shakyo_review.cli.common import Calling, emit_json, json_option, pass_calling, tell
from shakyo_review.cli.japanese import JapaneseCommand, JapaneseGroup
from shakyo_review.cli.tables import table
from shakyo_review.errors import ValueProblem

if TYPE_CHECKING:
    from shakyo_review.domain.person import Person

owner_option = click.option(
    "--owner",
    "owners",
    multiple=True,
    metavar="担当",
    help="委員の担当（計画にある書き方で。繰り返せます）。",
)


def _view(person: "Person", passphrase: bool) -> dict[str, Any]:
    return {
        "name": person.name,
        "role": person.role.value,
        "owners": list(person.owners),
        "passphrase": passphrase,
    }


@click.group(cls=JapaneseGroup)
def people() -> None:
    """台帳の利用者（委員・事務局・懇話会）を登録し、だれが何を書けるかを決めます。

    だれも登録しなければ、だれでも何でも書けます。
    """


@people.command("add", cls=JapaneseCommand)
@click.argument("name")
@click.option(
    "--role",
    "role",
    required=True,
    metavar="R",
    help="役割（委員・事務局・懇話会）。最初は事務局。",
)
@owner_option
@json_option
@pass_calling
def add_person(
    calling: Calling, name: str, role: str, owners: tuple[str, ...], as_json: bool
) -> None:
    """NAME を登録します。委員は担当の項目だけ、懇話会は意見だけ、事務局はすべてを書けます。"""
    from shakyo_review.domain.person import acting
    from shakyo_review.services import people as service

    with calling.open() as book:
        first = not book.people
        made = service.add(book, name, service.find_role(role), owners)
        absent = first and acting((made,), book.who) is None
    if as_json:
        emit_json(_view(made, False))
    else:
        click.echo(f"{made.label}を登録しました{_held(made)}。")
    if absent:
        tell(f"これからは、登録した名前で使ってください（--as {made.name}、または設定の name）。")


def _held(person: "Person") -> str:
    return f"（担当: {'・'.join(person.owners)}）" if person.owners else ""


@people.command("list", cls=JapaneseCommand)
@json_option
@pass_calling
def list_people(calling: Calling, as_json: bool) -> None:
    """登録されている人を、役割・担当・合言葉の有無とともに出します。"""
    from shakyo_review.domain.person import ROLE_LABELS
    from shakyo_review.services import people as service
    from shakyo_review.services.committees import unknown_owners

    with calling.open() as book:
        found, known = book.people, service.has_passphrases(book)
        lost = {one.name: unknown_owners(book, one) for one in found}
    if as_json:
        emit_json({"people": [_view(one, one.name in known) for one in found]})
        return
    if not found:
        click.echo("だれも登録されていません（だれでも、すべてを書けます）。")
        return
    rows = [
        (
            one.name,
            ROLE_LABELS[one.role],
            "・".join(one.owners),
            "あり" if one.name in known else "なし",
        )
        for one in found
    ]
    click.echo(table(("名前", "役割", "担当", "合言葉"), rows, most=60))
    for name, owners in lost.items():
        for owner in owners:
            tell(
                f"{name}さんの担当「{owner}」は、計画にありません（「people change」で直せます）。"
            )


@people.command("change", cls=JapaneseCommand)
@click.argument("name")
@click.option("--role", "role", metavar="R", help="新しい役割（省略時はそのまま）。")
@owner_option
@json_option
@pass_calling
def change_person(
    calling: Calling, name: str, role: str | None, owners: tuple[str, ...], as_json: bool
) -> None:
    """NAME の役割か担当を変えます（--owner は、担当のすべてを書き直します）。"""
    from shakyo_review.services import people as service

    with calling.open() as book:
        wanted = None if role is None else service.find_role(role)
        made = service.change(book, name, role=wanted, owners=owners or None)
        known = made.name in service.has_passphrases(book)
    if as_json:
        emit_json(_view(made, known))
        return
    click.echo(f"{made.label}の登録を変えました{_held(made)}。")


@people.command("remove", cls=JapaneseCommand)
@click.argument("name")
@pass_calling
def remove_person(calling: Calling, name: str) -> None:
    """NAME の登録と合言葉を外します（書いたものと履歴は残ります）。"""
    from shakyo_review.services import people as service

    with calling.open() as book:
        gone = service.remove(book, name)
    click.echo(f"{gone.label}の登録を外しました（書いたものは残っています）。")


@people.command("passphrase", cls=JapaneseCommand)
@click.argument("name")
@pass_calling
def set_passphrase(calling: Calling, name: str) -> None:
    """NAME の合言葉（8文字以上）を決めます。画面には出しません。端末でなければ、標準入力の1行を読みます。"""
    from shakyo_review.services import people as service

    with calling.open() as book:
        # Typing takes time: whoever may not do this is told before.
        service.check_may_set(book, name)
        person = service.set_passphrase(book, name, _asked(name))
    click.echo(f"{person.label}の合言葉を決めました。")


def _asked(name: str) -> str:
    import getpass

    try:
        if not sys.stdin.isatty():
            return sys.stdin.readline(1000).rstrip("\r\n")
        typed = getpass.getpass(f"{name}さんの合言葉（8文字以上。画面には出ません）: ")
        again = getpass.getpass("もう一度: ")
    except UnicodeDecodeError:
        raise ValueProblem("合言葉を読めません。", "UTF-8 で渡してください。") from None
    except EOFError:
        raise click.Abort from None
    if again != typed:
        raise ValueProblem("2回の合言葉が違います。", "もう一度、始めからやり直してください。")
    return typed
