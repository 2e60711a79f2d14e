"""Columns that several tables of the open data have."""

from shakyo_review.exchange.open_data import Field, Reference

F = Field
EDITION = F("edition", "integer", "計画の版", "版の番号（editions）", required=True)
YEAR = F("fiscal_year", "integer", "年度", "4月に始まる年度（西暦）", required=True)
OF_YEAR = Reference(("fiscal_year",), "years", ("fiscal_year",))
CODE = F("code", "string", "コード", "その年度の計画でのコード。ALL は計画全体", required=True)
ABOUT = F(
    "about_id",
    "integer",
    "項目の番号",
    "コードが変わっても変わらない番号（things）。計画全体は空欄",
)
OF_THING = Reference(("about_id",), "things", ("thing_id",))
STAGE = F("stage", "string", "評価の段階", "段階のコード（stages）", required=True)
NUMBER = F("number", "integer", "番号", "年度のなかの番号", required=True)
BY = F("by", "string", "記入した人")
DAY = F("date", "date", "日付")
