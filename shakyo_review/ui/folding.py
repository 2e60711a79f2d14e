"""A tree of items of which some are unfolded, and the screen that folds them line by line."""

from dataclasses import dataclass, field

from shakyo_review.domain.plan import Plan
from shakyo_review.ui.screens.base import ReviewScreen
from shakyo_review.ui.widgets.fixed_table import FixedTable


@dataclass(slots=True)
class FoldedTree:
    """Which items of a plan are unfolded."""

    plan: Plan
    open: set[str] = field(default_factory=set)

    def folds(self, code: str) -> bool:
        """Whether anything lies under an item."""
        return bool(self.plan.children_of(code) or self.plan.items[code].node.indicators)

    def toggle(self, code: str) -> bool:
        """Fold or unfold an item; tells whether that changed anything."""
        if code not in self.plan.items or not self.folds(code):
            return False
        self.open ^= {code}
        return True

    def toggle_all(self) -> None:
        """Unfold everything; fold everything if all of it is unfolded."""
        every = {code for code in self.plan.items if self.folds(code)}
        self.open = set() if self.open == every else every

    def above(self, code: str) -> str | None:
        """Return the item a line lies under."""
        if code in self.plan.action_of:
            return self.plan.action_of[code]
        item = self.plan.items.get(code)
        return None if item is None else item.parent

    def reveal(self, code: str) -> None:
        """Unfold everything above a line."""
        above = self.above(code)
        while above is not None:
            self.open.add(above)
            above = self.plan.items[above].parent


class FoldingScreen(ReviewScreen):
    """A screen with a table of a folded tree; subclasses give the tree and show it."""

    @property
    def folded(self) -> FoldedTree | None:
        """The tree on screen, None before the book is read."""
        return None

    def _show_tree(self) -> None:
        """Show the tree as it is folded now; overridden."""

    def on_fixed_table_chosen(self, event: FixedTable.Chosen) -> None:
        """Fold or unfold the line pressed."""
        self._turn(event.code)

    def _turn(self, code: str | None) -> None:
        if self.folded is not None and code is not None and self.folded.toggle(code):
            self._show_tree()

    def action_fold(self) -> None:
        """Fold or unfold the marked line."""
        self._turn(self.query_one(FixedTable).code)

    def action_fold_out(self) -> None:
        """Unfold the marked line."""
        code = self.query_one(FixedTable).code
        if self.folded is not None and code not in self.folded.open:
            self._turn(code)

    def action_fold_in(self) -> None:
        """Fold the marked line; where it is folded, go to the line above it."""
        table, tree = self.query_one(FixedTable), self.folded
        code = table.code
        if tree is None or code is None:
            return
        if code in tree.open:
            self._turn(code)
        elif (above := tree.above(code)) is not None:
            table.mark(above)

    def action_fold_all(self) -> None:
        """Unfold everything, or fold everything."""
        if self.folded is not None:
            self.folded.toggle_all()
            self._show_tree()
