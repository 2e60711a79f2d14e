"""In what a plan may contradict itself: codes, levels, 再掲, branches, named scales and rule sets."""

from shakyo_review.domain.indicator import Indicator
from shakyo_review.domain.plan import WHOLE_PLAN, Node, Plan
from shakyo_review.domain.rules import preset_names
from shakyo_review.domain.scale_presets import PRESETS
from shakyo_review.errors import PlanProblem, quoted


def find_contradictions(plan: Plan) -> None:
    """Raise ``PlanProblem`` for the first thing in which the plan contradicts itself."""
    seen: set[str] = set()
    nodes: set[str] = set()
    repeats: dict[str, str] = {}
    branches = {branch.code for branch in plan.branches}
    if len(branches) != len(plan.branches):
        raise PlanProblem("branches に同じコードが2つあります。", "コードを変えてください。")

    def visit(node: Node, level: int) -> None:
        here = level if node.level is None else node.level
        if here < level:
            raise PlanProblem(
                f"項目「{node.code}」（{node.name}）の段（level: {here}）が、上の項目より下になっていません。",
                "level を消すか、上の項目より大きい数にしてください。",
                node.code,
            )
        if here >= len(plan.levels):
            raise PlanProblem(
                f"項目「{node.code}」（{node.name}）は上から{here + 1}段目ですが、その段の呼び名が levels にありません。",
                f"levels（いまは{len(plan.levels)}段）か項目の位置を直してください。",
                node.code,
            )
        for code in (node.code, *(ind.code for ind in node.indicators)):
            if code == WHOLE_PLAN:
                raise PlanProblem(
                    f"コード「{code}」は計画全体を表すので、項目や指標には使えません。",
                    "ほかのコードに変えてください。",
                    code,
                )
            if code in seen:
                raise PlanProblem(
                    f"コード「{code}」が2回使われています。",
                    "どちらかのコードを変えてください。",
                    code,
                )
            seen.add(code)
        nodes.add(node.code)
        for indicator in node.indicators:
            _check_names(plan, indicator)
        if node.repeats is not None:
            repeats[node.code] = node.repeats
            if node.children or node.indicators or node.funding:
                raise PlanProblem(
                    f"再掲「{node.code}」（{node.name}）が自分の下位項目・指標・財源を持っています。",
                    "再掲元に移すか、repeats を消してください。",
                    node.code,
                )
        unknown = set() if node.branches == "all" else set(node.branches) - branches
        if unknown:
            raise PlanProblem(
                f"項目「{node.code}」（{node.name}）の区・支所「{min(unknown)}」は branches にありません。",
                "branches に加えるか、コードを直してください。",
                node.code,
            )
        for child in node.children:
            visit(child, here + 1)

    for node in plan.tree:
        visit(node, 0)
    for code, target in repeats.items():
        if target not in nodes:
            raise PlanProblem(
                f"再掲「{code}」の再掲元「{target}」が計画にありません。",
                "repeats のコードを直してください。",
                code,
            )
    for code in repeats:
        trail = [code]
        while (target := repeats.get(trail[-1], "")) not in ("", *trail):
            trail.append(target)
        if target:
            raise PlanProblem(
                f"再掲がめぐっています（{' → '.join([*trail, target])}）。",
                "再掲元は、実際に取り組む項目にしてください。",
                code,
            )


def _check_names(plan: Plan, indicator: Indicator) -> None:
    """Raise ``PlanProblem`` where an indicator names a scale or rule set that nobody knows."""
    for field, what, name, named, presets in (
        ("rule_set", "規則の組", indicator.rule_set, plan.rule_sets, preset_names()),
        ("scale", "評価基準", indicator.scale, plan.scales, tuple(PRESETS)),
    ):
        if name is not None and name not in named and name not in presets:
            raise PlanProblem(
                f"指標「{indicator.code}」（{indicator.name}）の {field} に書かれた{what}{quoted(name)}はありません。",
                f"計画の {field}s に加えるか、使える名前（{'、'.join([*named, *presets])}）に直してください。",
                indicator.code,
            )
