"""Reads a filled form back: what docxtpl is handed ready made, and what both are compared by.

Usage: form_values.py FILLED.docx VALUES.json
"""

import json
import re
import sys

from docx import Document

word = Document(sys.argv[1])
lines = [paragraph.text for paragraph in word.paragraphs]
table = word.tables[0]
# Cell by cell python-docx takes minutes; the text elements say the same.
space = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def text(cell) -> str:
    return "".join(piece.text or "" if piece.tag == f"{space}t" else "\n" for piece in cell.iter(f"{space}t", f"{space}br"))


rows = [[text(cell) for cell in row.iter(f"{space}tc")] for row in table._tbl.iter(f"{space}tr")]
team, period = re.match("填报单位：(.*)　期间：(.*)", lines[1]).groups()
households, times, persons = re.findall(r"\d+", lines[2])
values = {
    "工作队名称": team,
    "期间": period,
    "走访户数": households,
    "走访户次": times,
    "走访人次": persons,
    "走访台账": [dict(zip(rows[0], row)) for row in rows[1:]],
}
with open(sys.argv[2], "w", encoding="utf-8") as out:
    json.dump(values, out, ensure_ascii=False, indent=1, sort_keys=True)
