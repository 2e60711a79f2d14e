"""Make the Word templates that are shipped: python docs/word_templates [FOLDER].

The folder is that of the templates; without one the shipped files are written anew.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from bodies import annual, committees, goal_sheets, summary, yearbook
from package import package

PLAN_YEAR = "{{ report.cover.plan_title }} {{ report.cover.year }} "
EXAMPLE = "{% if report.contains_example %}　{{ report.cover.example_note }}{% endif %}"
DOCUMENTS = {
    "annual": (annual, PLAN_YEAR + "{{ report.cover.kind }}", "{{ report.cover.foot }}"),
    "summary": (summary, "{{ report.summary.foot }}", "{{ report.summary.foot }}"),
    "goals": (goal_sheets, PLAN_YEAR + "{{ report.overall.goal_label }}別シート", ""),
    "committees": (committees, PLAN_YEAR + "担当別シート", ""),
    "yearbook": (
        yearbook,
        "{{ report.cover.plan_title }} {{ report.yearbook.kind }}（{{ report.cover.year }}まで）",
        "",
    ),
}
"""Body, title and the line at the foot (without one: the title) of each document."""
DENSE = ("goals", "committees", "yearbook")
"""The documents with a page for each."""


def templates():
    """Return the bytes of each Word template by the name of its document."""
    return {
        name: package(
            body(), title, (foot or title) + EXAMPLE, name in DENSE, numbered=name != "summary"
        )
        for name, (body, title, foot) in DOCUMENTS.items()
    }


def main():
    """Write the templates."""
    here = Path(__file__).resolve().parents[2] / "templates"
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else here
    for name, content in templates().items():
        path = folder / name / "report.docx"
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name("report.docx.new")
        draft.write_bytes(content)
        draft.replace(path)
        print(path.relative_to(folder))


if __name__ == "__main__":
    main()
