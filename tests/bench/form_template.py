"""Makes the form that both fill: a title, sentences with figures, and a table whose one row is repeated. The signs are those
that docxtpl reads; the program reads them as well.

Usage: form_template.py FORM.docx
"""

import sys

from docx import Document
from docx.shared import Pt

COLUMNS = ("序号", "走访日期", "户主", "方式", "走访人", "走访内容", "情况记录", "户次", "人次")

word = Document()
word.add_heading("走访登记表", level=1)
word.add_paragraph("填报单位：{{ 工作队名称 }}　期间：{{ 期间 }}")
word.add_paragraph("共走访农户{{ 走访户数 }}户、{{ 走访户次 }}户次、{{ 走访人次 }}人次。")
grid = word.add_table(rows=4, cols=len(COLUMNS))
grid.style = "Table Grid"
for cell, title in zip(grid.rows[0].cells, COLUMNS):
    cell.text = title
grid.rows[1].cells[0].text = "{%tr for row in 走访台账 %}"
for cell, title in zip(grid.rows[2].cells, COLUMNS):
    cell.text = f"{{{{ row.{title} }}}}"
grid.rows[3].cells[0].text = "{%tr endfor %}"
for row in grid.rows:
    for cell in row.cells:
        for run in cell.paragraphs[0].runs:
            run.font.size = Pt(10.5)
word.save(sys.argv[1])
