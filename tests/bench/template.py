"""Makes the Word template of the compared pipeline: a title, the paragraphs, and a table for each annex."""

import sys

from docx import Document
from docx.shared import Pt

word = Document()
word.styles["Normal"].font.size = Pt(16)
word.add_heading("{{ title }}", level=0)
word.add_paragraph("{%p for paragraph in paragraphs %}")
word.add_paragraph("{{ paragraph }}")
word.add_paragraph("{%p endfor %}")
word.add_paragraph("{%p for annex in annexes %}")
word.add_paragraph("{{ annex.title }}")
table = word.add_table(rows=4, cols=1)
table.style = "Table Grid"
for row, text in zip(table.rows, ("{{ annex.heads | join('　') }}", "{%tr for row in annex.rows %}", "{{ row | join('　') }}", "{%tr endfor %}")):
    row.cells[0].text = text
word.add_paragraph("{%p endfor %}")
word.save(sys.argv[1])
