"""Questions about people: who is acting, who is registered, as what, with which passphrase."""

from collections.abc import Mapping

from textual.app import ComposeResult
from textual.widget import Widget
from textual.widgets import Input, Static

from shakyo_review.domain.person import ROLE_LABELS, Person, Role, folded
from shakyo_review.errors import ValueProblem
from shakyo_review.services import people as service
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.committees import owners_known, unknown_owners
from shakyo_review.ui.dialogs.choose import ChooseDialog
from shakyo_review.ui.dialogs.form import Field, Form, Line, Pick, Ticks
from shakyo_review.ui.marks import cell
from shakyo_review.ui.widgets.prose import Para, Prose

NEW, SWITCH, LOOK_ONLY = "\nnew", "\nswitch", ""
"""Choices that are no name: no name has a line end, or is empty."""

_DOES = {
    Role.MEMBER: "委員　　担当の項目に、実績・自己評価・改善の結果を書きます",
    Role.SECRETARIAT: "事務局　すべてを書き、利用者を決めます",
    Role.COUNCIL: "懇話会　読んで、自分の名前で意見を書きます",
}


def person_line(person: Person, *more: str) -> str:
    """Return a person in one line of a list: name, role, committees."""
    words = [ROLE_LABELS[person.role], *more]
    if person.owners:
        words.append("担当: " + "・".join(person.owners))
    return f"{cell(person.name, 22).plain}　{'　'.join(words)}"


class WhoDialog(ChooseDialog[str]):
    """The names registered and 見るだけ (''); Esc is 見るだけ as well."""

    def __init__(self, book: ReviewBook) -> None:
        choices = [(person_line(one), one.name) for one in book.people]
        super().__init__(
            "お名前を選んでください", [*choices, ("見るだけ（書き込みません）", LOOK_ONLY)]
        )


class PeopleDialog(ChooseDialog[str]):
    """Everybody registered; gives the name of the one chosen, ``NEW`` or ``SWITCH``."""

    def __init__(self, book: ReviewBook, *, told: str = "", switch: bool = True) -> None:
        known = service.has_passphrases(book)
        choices = [("新しい人を登録する", NEW)]
        if switch and book.people:
            choices.append(("別の名前で使う", SWITCH))
        for one in book.people:
            lost = "・".join(unknown_owners(book, one))
            words = ["合言葉あり"] if one.name in known else []
            words += [f"計画にない担当（{lost}）"] if lost else []
            choices.append((person_line(one, *words), one.name))
        super().__init__("利用者", choices)
        self.told = told
        if not self.told and not book.people:
            self.told = "だれも登録されていないので、だれでも、すべてを書けます。"

    def above_list(self) -> ComposeResult:
        """Yield what was done last, or how it stands."""
        if self.told:
            yield Static(Prose((Para(self.told),)), id="told", classes="dialog-title", markup=False)


CHANGE, WORD, REMOVE = "change", "word", "remove"


def what_to_do(book: ReviewBook, person: Person) -> ChooseDialog[str]:
    """Return the question what is to be done with somebody's registration."""
    word = "変える" if person.name in service.has_passphrases(book) else "決める"
    return ChooseDialog(
        person.label,
        [
            ("役割・担当を変える", CHANGE),
            (f"合言葉を{word}（ブラウザで使うとき）", WORD),
            ("登録を外す", REMOVE),
        ],
    )


def sure(person: Person) -> ChooseDialog[bool]:
    """Return the question whether somebody is really to be removed."""
    return ChooseDialog(
        f"{person.label}の登録を外しますか",
        [("外さない", False), ("外す（書いたものと履歴は残ります）", True)],
    )


def person_form(book: ReviewBook, person: Person | None) -> Form:
    """Return the form that registers somebody (None), or changes role and committees."""
    first = not book.people
    roles = [Role.SECRETARIAT] if first else list(Role)
    held = Role.MEMBER if person is None else person.role
    mine = set() if person is None else set(map(folded, person.owners))
    owners = owners_known(book)
    fields: list[Field] = [] if person is not None else [Line("name", "名前", hint="例: 山田 花子")]
    choices = [(role.value, _DOES[role]) for role in roles]
    fields.append(Pick("role", "役割", choices, roles.index(held) if held in roles else 0))
    if owners and not first:
        off = [owner for owner in owners if folded(owner) not in mine]
        fields.append(Ticks("owners", "担当", owners, off, words=("担当", "　　")))

    def store(values: Mapping[str, str]) -> None:
        role = Role(values["role"])
        ticked = values.get("owners", "").splitlines() if role is Role.MEMBER else []
        if person is None:
            service.add(book, values["name"], role, ticked)
        else:
            service.change(book, person.name, role=role, owners=ticked, seen=person)

    about = ["担当は委員だけに付けます。"] if owners and not first else []
    if first:
        about = ["最初に登録するのは事務局の人です。登録すると、登録した人だけが書けます。"]
    title = "利用者の登録" if person is None else f"{person.label}の登録を変える"
    return Form(title, fields, store, about=about, ok="登録する" if person is None else "変える")


class PassphraseForm(Form):
    """A passphrase typed twice; nothing of it is shown."""

    def __init__(self, book: ReviewBook, person: Person) -> None:
        def store(values: Mapping[str, str]) -> None:
            service.checked_passphrase(values["word"])
            if values["word"] != values["again"]:
                raise ValueProblem(
                    "2つの合言葉が違います。", "もう一度書いてください。", what="again"
                )
            service.set_passphrase(book, person.name, values["word"])

        super().__init__(
            f"{person.label}の合言葉",
            [Line("word", "合言葉"), Line("again", "もう一度")],
            store,
            about=[
                f"{service.SHORTEST_PASSPHRASE}文字以上の、覚えやすい文にします。表示しません。"
            ],
        )

    def _widget(self, field: Field) -> Widget:
        made = super()._widget(field)
        if isinstance(made, Input):
            made.password = True
        return made
