"""The end of the work: what is not there and why (値がない理由), and 提出."""

from collections.abc import Mapping, Sequence

from shakyo_review.domain.fiscal_year import year_label
from shakyo_review.domain.owners import Share
from shakyo_review.domain.person import Act, folded
from shakyo_review.domain.value import STATE_LABELS, Reading, State
from shakyo_review.errors import ReviewError
from shakyo_review.services.clock import local_time
from shakyo_review.ui import entry_text
from shakyo_review.ui.marks import cut
from shakyo_review.ui.screens.entry_asking import EntryAsking

_STATES = (
    (State.CANCELLED, "行わなかった、取りやめた"),
    (State.NOT_SURVEYED, "調べる年だったが、調べなかった"),
    (State.NOT_DUE, "今年度は調べる年ではない"),
    (State.BEING_COUNTED, "まだ数えている。あとで入れる"),
    (State.NOT_PUBLISHED, "まだ公表されていない"),
    (State.UNKNOWN, "数が分からない"),
    (State.NOT_APPLICABLE, "今年度はあてはまらない"),
)
"""Why there is no value, most common first; the words are those that can be typed as well."""
SHOWN = 6
"""Blanks that are listed before a submission; of the others the number is told."""


class EntrySubmitting(EntryAsking):
    """The list of reasons and the submission of the owners whose rows are shown."""

    def _move(self, key: str) -> str | None:
        """Move the cursor; overridden by the keys."""
        return None

    def action_no_value(self) -> None:
        """Choose why there is no value, from a list."""
        from shakyo_review.ui.dialogs.choose import ChooseDialog

        if self.bar.editing:
            self.tell(entry_text.NOW_TYPING, error=True)
            return
        row, kind = self.may_write(), self.grid.kind
        if row is None:
            return
        cell = self.sheet.cell(row, kind)
        choices = [(f"{STATE_LABELS[state]}　（{told}）", state) for state, told in _STATES]
        states = [state for state, _ in _STATES]
        now = cell.reading.state

        def settle(state: State | None) -> None:
            if state is not None:
                reading = Reading(state)
                self.store(row, kind, reading, cell.version, lambda: self._move("down"))

        name = f"{row.indicator} {self.sheet.indicator(row).name}"
        dialog = ChooseDialog(
            cut(f"値がない理由　{name}", 66),
            choices,
            chosen=states.index(now) if now in states else 0,
        )
        self.app.push_screen(dialog, settle)

    # --- 提出 ----------------------------------------------------------------------------------

    def action_submit(self) -> None:
        """Submit for the owners whose rows are shown; ask which where all are."""
        from shakyo_review.services.submitting import submissions
        from shakyo_review.ui.dialogs.choose import ChooseDialog

        if self.bar.editing and not self.confirm(lambda: None):
            return
        if self.sealed():
            self.tell(f"{year_label(self.year)}は確定しているため、提出は変えられません。")
            return
        self.look()
        shares = submissions(self.book, self.year)
        owners = self._owners or own_owners(self.book.person, [one.owner for one in shares])
        mine = [share for share in shares if share.owner in owners] if owners else shares
        if not mine:
            self.tell("提出する指標がありません。")
        elif owners or len(mine) == 1:
            self._submit(mine)
        else:
            choices = [(share_text(share), share) for share in mine]
            dialog = ChooseDialog("どの担当を提出しますか", choices)
            self.app.push_screen(dialog, lambda one: None if one is None else self._submit([one]))

    def _submit(self, shares: Sequence[Share]) -> None:
        owners = tuple(share.owner for share in shares)
        try:
            if not self.book.may(Act.SUBMIT, None, self.year, owners=owners):
                self.book.check(Act.SUBMIT, year=self.year, owners=owners)
            self._submit_or_ask(shares)
        except ReviewError as problem:
            self.tell(entry_text.sentence(problem), error=True)

    def _submit_or_ask(self, shares: Sequence[Share]) -> None:
        from shakyo_review.ui.dialogs.choose import ChooseDialog

        if any(share.submission is None for share in shares):
            self._ask_submission(shares)
            return
        given = [share.submission for share in shares if share.submission is not None]
        told = f"{local_time(given[0].at)} に {given[0].by} が提出しています"
        changed = sum(share.changed for share in shares)
        after = f"（そのあと{changed}件変更）" if changed else ""
        choices = [
            ("そのままにする", ""),
            ("もう一度提出する（日時と空欄の数を改めます）", "again"),
            ("提出を取り下げる（まだ直すところがあるとき）", "withdraw"),
        ]

        def settle(chosen: str | None) -> None:
            try:
                if chosen == "again":
                    self._ask_submission(shares)
                elif chosen == "withdraw":
                    self._withdraw(shares)
            except ReviewError as problem:
                self.tell(entry_text.sentence(problem), error=True)

        dialog = ChooseDialog(cut(f"{told}{after}", 66), choices, chosen=1 if changed else 0)
        self.app.push_screen(dialog, settle)

    def _ask_submission(self, shares: Sequence[Share]) -> None:
        from shakyo_review.services.submitting import submit
        from shakyo_review.ui.dialogs.form import REASON, Line
        from shakyo_review.ui.dialogs.submit import SubmitForm

        blanks = list(dict.fromkeys(code for share in shares for code in share.blanks))

        def store(values: Mapping[str, str]) -> None:
            for share in shares:
                submit(self.book, self.year, share.owner, values[REASON])

        def settle(stored: bool | None) -> None:
            self.show_changed(None)
            if stored:
                names = "・".join(share.owner for share in shares)
                label = year_label(self.year)
                self.tell(f"{names}の{label}を提出しました。ありがとうございました。")
            else:
                self.tell("提出していません。")

        about = [share_text(share) for share in shares]
        about += self._blank_lines(blanks)
        about += self._odd_lines(shares)
        hint = "空欄のまま提出する理由" if blanks else "このまま Enter を押すと提出します"
        field = Line(REASON, "理由" if blanks else "ひとこと", hint=hint)
        if not blanks:
            about.append("提出したあとも、記入の間は直せます。直したことは記録に残ります。")
        title = f"提出　{year_label(self.year)}"
        self.app.push_screen(SubmitForm(title, [field], store, about=about, ok="提出する"), settle)

    def _blank_lines(self, blanks: Sequence[str]) -> list[str]:
        if not blanks:
            return []
        names = [
            f"・{code} {cut(self.sheet.plan.indicators[code].name, 50)}" for code in blanks[:SHOWN]
        ]
        more = [f"　ほか{len(blanks) - SHOWN}件"] if len(blanks) > SHOWN else []
        return [f"入っていない実績が{len(blanks)}件あります。", *names, *more]

    def _odd_lines(self, shares: Sequence[Share]) -> list[str]:
        owners = {share.owner for share in shares}
        plan = self.sheet.plan
        odd = [
            finding
            for finding in self.book.findings(self.year)
            if finding.open
            and owners.intersection(o.label for o in plan.owners_of(finding.indicator))
        ]
        if not odd:
            return []
        return [
            f"確かめたい値が{len(odd)}件あります（{odd[0].indicator} {cut(odd[0].text, 44)}）。"
        ]

    def _withdraw(self, shares: Sequence[Share]) -> None:
        from shakyo_review.services.submitting import withdraw

        for share in shares:
            withdraw(self.book, self.year, share.owner)
        self.show_changed(None)
        self.tell("提出を取り下げました。直したら、もう一度提出してください。")


def share_text(share: Share) -> str:
    """Return how far an owner has come: 社協　12/20件 入力済み　未提出."""
    return f"{share.owner}　{share.entered}/{share.total}件 入力済み　{share.submitted_text}"


def own_owners(person: object, known: Sequence[str]) -> tuple[str, ...]:
    """Return the owners a person works for, as the plan spells them; none where nobody is registered."""
    mine = set(map(folded, getattr(person, "owners", ())))
    return tuple(owner for owner in known if folded(owner) in mine)
