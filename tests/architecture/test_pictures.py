"""The pictures of the manual show the screens as they are; draw them anew with python docs/pictures.py."""

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

DOCS = Path(__file__).parents[2] / "docs"
PAGES = {page.name: page.read_text(encoding="utf-8") for page in DOCS.glob("*.md")}


@pytest.fixture(scope="module")
def pictures() -> ModuleType:
    spec = importlib.util.spec_from_file_location("pictures", DOCS / "pictures.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules["pictures"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_picture_is_shown_and_every_one_shown_is_there(pictures: ModuleType) -> None:
    shown = {
        name for text in PAGES.values() for name in re.findall(r"\(pictures/([\w-]+)\.svg\)", text)
    }
    assert shown == {picture.name for picture in pictures.PICTURES}
    assert shown == {file.stem for file in (DOCS / "pictures").glob("*.svg")}


def test_every_page_that_is_linked_is_there() -> None:
    for name, text in PAGES.items():
        for target in re.findall(r"\]\(([\w./-]+\.md)", text):
            assert (DOCS / target).exists(), f"{name}: {target}"


@pytest.mark.parametrize("name", ["member-entry", "council-home"])
def test_a_picture_is_still_true(pictures: ModuleType, tmp_path: Path, name: str) -> None:
    picture = next(one for one in pictures.PICTURES if one.name == name)
    lines = pictures.lines_of(picture, tmp_path)
    kept = (DOCS / "pictures" / f"{name}.svg").read_text(encoding="utf-8")
    now = [
        line for line in "".join(pictures.text_of(lines).split("\r")).splitlines() if line.strip()
    ]
    assert pictures.text_in(kept) == "\n".join("".join(line.split()) for line in now)
    assert "http" not in kept.replace("http://www.w3.org/2000/svg", "")  # nothing is fetched
