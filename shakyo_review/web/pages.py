"""The pages around the terminal. All text stands in ``pages/``; what is put in is escaped here."""

from collections.abc import Iterable
from functools import cache
from html import escape
from importlib import resources
from pathlib import Path
from string import Template

import textual_serve

from shakyo_review.domain.person import ROLE_LABELS, Person

_OURS = resources.files("shakyo_review.web") / "pages"

FONTS = (
    "'BIZ UDGothic','BIZ UDゴシック','MS Gothic','ＭＳ ゴシック','Osaka-Mono','Hiragino Sans',"
    "'Noto Sans Mono CJK JP','IPAGothic','TakaoGothic','VL Gothic',monospace"
)
_CHANGES = (
    ("'Roboto Mono', Monaco, 'Courier New', monospace", FONTS),
    # Where a machine has no WebGL the page would stay empty; the canvas beside it draws everywhere.
    ("this.webglAddon=new p.WebglAddon,this.terminal.loadAddon(this.webglAddon),", ""),
    # What is typed into a book is no link to other hosts.
    ("this.weblinksAddon=new S.WebLinksAddon,this.terminal.loadAddon(this.weblinksAddon),", ""),
)


@cache
def static_files() -> dict[str, tuple[str, bytes]]:
    """Return every file the pages load: content type and content by name. There are no others."""
    theirs = Path(textual_serve.__file__).parent / "static"
    script = (theirs / "js" / "textual.js").read_text(encoding="utf-8")
    for old, new in _CHANGES:
        script = script.replace(old, new)
    css, js = "text/css; charset=utf-8", "text/javascript; charset=utf-8"
    return {
        "terminal.js": (js, script.encode()),
        "terminal.css": (css, (theirs / "css" / "xterm.css").read_bytes()),
        "enter.js": (js, (_OURS / "enter.js").read_bytes()),
        "page.js": (js, (_OURS / "page.js").read_bytes()),
        "page.css": (css, (_OURS / "page.css").read_bytes()),
    }


@cache
def _template(name: str) -> Template:
    return Template((_OURS / f"{name}.html").read_text(encoding="utf-8"))


def _page(title: str, body: str) -> str:
    return _template("frame").substitute(title=escape(title), body=body)


def message(title: str, text: str, *, back: bool = True) -> str:
    """Return a page that says one thing."""
    link = '<p><a class="button" href="/">入口へ戻る</a></p>' if back else ""
    return _page(title, f"<h1>{escape(title)}</h1>\n<p>{escape(text)}</p>\n{link}")


def entrance(
    *, people: Iterable[Person] | None, asks: bool, loopback: bool, problem: str, name: str = ""
) -> str:
    """Return the entrance: names to choose from (None: one is typed), and whether a passphrase is asked."""
    chosen = "" if people is None else _choices(people, name)
    parts = {
        "problem": f'<p class="problem" role="alert">{escape(problem)}</p>' if problem else "",
        "name": chosen or _template("name").substitute(name=escape(name)),
        "passphrase": "",
    }
    if asks:
        hint = "" if people is None else "（決めてある人だけ）"
        parts["passphrase"] = _template("passphrase").substitute(hint=hint)
    where = "" if loopback else "名前と合言葉は、事務局が登録したものです。"
    body = _template("entrance").substitute(parts, where=where)
    return _page("社協レビュー 入口", body)


def _choices(people: Iterable[Person], name: str) -> str:
    rows = []
    for number, one in enumerate(people):
        checked = " checked" if one.name == name else ""
        rows.append(
            f'<label class="choice" for="p{number}"><input type="radio" id="p{number}" name="name"'
            f' value="{escape(one.name)}"{checked} required><span>{escape(one.name)}</span>'
            f"<small>{ROLE_LABELS[one.role]}</small></label>"
        )
    return _template("choices").substitute(rows="\n".join(rows))


def terminal(*, name: str, socket: str) -> str:
    """Return the page with the terminal."""
    return _template("terminal").substitute(name=escape(name), socket=escape(socket))
