"""The pipeline that a good script would have: sqlite3 → docxtpl → LibreOffice → XlsxWriter, writing the same content.

Usage: peer.py LEDGER DOCUMENT.json TEMPLATE.docx OUT_FOLDER SOFFICE_PROFILE

It is given the report's words and the small tables ready made, so it does less than the program: it queries the rows of
the two long ledgers, fills the Word template, converts it, and writes the workbook.
"""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import xlsxwriter
from docxtpl import DocxTemplate

VISITS = """
SELECT v.day, group_concat(DISTINCT coalesce(h.hamlet, '')),
    (SELECT group_concat(m.name, '、') FROM visit_household vh JOIN member m ON m.household_id = vh.household_id AND m.relation = 'head'
     WHERE vh.visit_id = v.id),
    v.mode,
    (SELECT group_concat(t.name, '、') FROM visit_visitor w JOIN team_member t ON t.id = w.team_member_id WHERE w.visit_id = v.id),
    (SELECT group_concat(d.label, '、') FROM visit_purpose p JOIN dictionary_item d ON d.dictionary = 'visit_purpose' AND d.code = p.code
     WHERE p.visit_id = v.id),
    v.content, v.persons_met, v.gift_fen
FROM visit v LEFT JOIN visit_household x ON x.visit_id = v.id LEFT JOIN household h ON h.id = x.household_id
WHERE v.deleted_at IS NULL AND v.day BETWEEN '2026-01-01' AND '2026-06-30' GROUP BY v.id ORDER BY v.day, v.id
"""
ROSTER = """
SELECT h.ext_no, h.hamlet, m.name, m.relation, m.sex, m.birth, m.id_number, m.education, m.labour, m.phone,
    (SELECT group_concat(d.label, '、') FROM household_type t JOIN dictionary_item d ON d.dictionary = 'household_type' AND d.code = t.code
     WHERE t.household_id = h.id)
FROM household h JOIN member m ON m.household_id = h.id
WHERE h.deleted_at IS NULL AND EXISTS (SELECT 1 FROM household_type t WHERE t.household_id = h.id AND t.to_day IS NULL
    AND t.code IN ('lifted', 'unstable_lifted', 'marginal_at_risk', 'sudden_hardship'))
ORDER BY h.hamlet, h.id, m.position
"""

# Tagged PDF/A-2b with bookmarks, as the program's: what is filed for good.
PDF = "pdf:writer_pdf_Export:" + json.dumps(
    {"SelectPdfVersion": {"type": "long", "value": "2"}, "UseTaggedPDF": {"type": "boolean", "value": "true"}, "ExportBookmarks": {"type": "boolean", "value": "true"}}
)


def shown(cell: dict) -> object:
    kind, value = cell["value"]["type"], cell["value"].get("value")
    if kind == "money":
        return f"{value / 100:.2f}"
    if kind == "percent":
        return f"{value / 100:g}%"
    return "" if kind == "empty" else value


def table(annex: dict) -> dict:
    rows = [[shown(cell) for cell in row] for row in annex["table"]["rows"]]
    total = annex["table"].get("total")
    return {
        "title": annex["title"],
        "heads": [column["title"] for column in annex["table"]["columns"]],
        "rows": rows + ([[shown(cell) for cell in total]] if total else []),
    }


def main() -> None:
    ledger, document, template, out, profile = sys.argv[1:]
    report = json.loads(Path(document).read_text(encoding="utf-8"))
    connection = sqlite3.connect(ledger)
    long_ones = {"走访台账": connection.execute(VISITS).fetchall(), "脱贫户监测户花名册": connection.execute(ROSTER).fetchall()}
    annexes = [table(annex) for annex in report["annexes"]]
    paragraphs = ["".join(run["text"] for run in block["runs"]) for block in report["blocks"] if "runs" in block]

    word = DocxTemplate(template)
    printed = [annex for annex, of in zip(annexes, report["annexes"]) if of["printed"]]
    context = {f"annex{at}": annex for at, annex in enumerate(printed)}
    word.render({"title": "".join(report["title"]), "paragraphs": paragraphs, **context})
    docx = Path(out) / "peer.docx"
    word.save(docx)
    command = ["soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", PDF, "--outdir", out, str(docx)]
    subprocess.run(command, check=True, capture_output=True)

    with xlsxwriter.Workbook(Path(out) / "peer.xlsx") as book:
        head = book.add_format({"bold": True, "border": 1, "text_wrap": True})
        cell = book.add_format({"border": 1})
        for annex in annexes:
            sheet = book.add_worksheet(annex["title"])
            sheet.write_row(0, 0, annex["heads"], head)
            for at, row in enumerate(long_ones.get(annex["title"], annex["rows"]), 1):
                sheet.write_row(at, 0, row, cell)


main()
