"""Makes the Word template of the compared pipeline: the same page, fonts, headings, tables and page numbers as the report.

Usage: template.py DOCUMENT.json TEMPLATE.docx
"""

import json
import sys
from pathlib import Path

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

report = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
word = Document()


def letters(style, font: str, size: float) -> None:
    style.font.size, style.font.name = Pt(size), font
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def page(section, across: bool) -> None:
    width, height = (297, 210) if across else (210, 297)
    section.orientation = WD_ORIENT.LANDSCAPE if across else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = Mm(37), Mm(35), Mm(28), Mm(26)
    number = section.footer.paragraphs[0].add_run()
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        number._r.append(part)


def table(annex: dict, name: str) -> None:
    columns = annex["table"]["columns"]
    grid = word.add_table(rows=4, cols=len(columns))
    grid.style = "Table Grid"
    repeat = OxmlElement("w:tblHeader")
    grid.rows[0]._tr.get_or_add_trPr().append(repeat)
    for cell, column in zip(grid.rows[0].cells, columns):
        cell.text = column["title"]
    grid.rows[1].cells[0].text = f"{{%tr for row in {name}.rows %}}"
    for at, cell in enumerate(grid.rows[2].cells):
        cell.text = f"{{{{ row[{at}] }}}}"
    grid.rows[3].cells[0].text = "{%tr endfor %}"
    for row in grid.rows:
        for cell in row.cells:
            for paragraph in cell.paragraphs:
                for run in paragraph.runs:
                    run.font.size = Pt(10.5)


letters(word.styles["Normal"], "仿宋_GB2312", 16)
word.styles["Normal"].paragraph_format.line_spacing = Pt(28.95)
word.styles["Normal"].paragraph_format.space_after = Pt(0)
page(word.sections[0], False)
title = word.add_paragraph("{{ title }}")
title.alignment = WD_ALIGN_PARAGRAPH.CENTER
word.add_paragraph("{%p for paragraph in paragraphs %}")
body = word.add_paragraph("{{ paragraph }}")
body.paragraph_format.first_line_indent = Pt(32)
body.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
word.add_paragraph("{%p endfor %}")
for at, annex in enumerate(annex for annex in report["annexes"] if annex["printed"]):
    page(word.add_section(WD_SECTION.NEW_PAGE), annex["landscape"])
    word.add_paragraph(f"附件{annex['number']}")
    word.add_paragraph(annex["title"]).alignment = WD_ALIGN_PARAGRAPH.CENTER
    table(annex, f"annex{at}")
word.save(sys.argv[2])
