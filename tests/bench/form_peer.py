"""Fills the form with docxtpl; the values are handed to it ready made.

Usage: form_peer.py FORM.docx VALUES.json OUT.docx
"""

import json
import sys
from pathlib import Path

from docxtpl import DocxTemplate

form = DocxTemplate(sys.argv[1])
form.render(json.loads(Path(sys.argv[2]).read_text(encoding="utf-8")), autoescape=True)
form.save(sys.argv[3])
