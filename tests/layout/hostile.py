"""Opens the hostile ledger's report in LibreOffice and holds what it shows against what was written: every text of a cell is
still there as text, no cell has become a formula, and the document has no field but page numbers and no link.

Usage: hostile.py FOLDER, which holds the exported DOCX and XLSX."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def convert(path, to, folder):
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", to, "--outdir", str(folder), str(path)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=300)
    return folder / f"{path.stem}.{to}"


def workbook(path):
    """Texts of all cells, and how many formulas there are."""
    with zipfile.ZipFile(path) as file:
        texts, formulas = [], 0
        shared = []
        if "xl/sharedStrings.xml" in file.namelist():
            root = ElementTree.fromstring(file.read("xl/sharedStrings.xml"))
            shared = ["".join(t.text or "" for t in item.iter(f"{MAIN}t")) for item in root.iter(f"{MAIN}si")]
        for name in file.namelist():
            assert "externalLink" not in name, name
            if name.endswith(".rels"):
                assert b'TargetMode="External"' not in file.read(name), name
            if not name.startswith("xl/worksheets/sheet"):
                continue
            for cell in ElementTree.fromstring(file.read(name)).iter(f"{MAIN}c"):
                formulas += len(cell.findall(f"{MAIN}f"))
                if cell.get("t") == "s":
                    texts.append(shared[int(cell.find(f"{MAIN}v").text)])
        return texts, formulas


def dense(text):
    return re.sub(r"\s|_x[0-9A-Fa-f]{4}_", "", text)


def main():
    folder = Path(sys.argv[1])
    (book,) = folder.glob("*.xlsx")
    (document,) = folder.glob("*.docx")
    opened = folder / "opened"
    opened.mkdir()
    written, formulas = workbook(book)
    assert formulas == 0 and any(text.startswith("=cmd") for text in written), "the workbook holds the texts, and no formula"
    shown, formulas = workbook(convert(book, "xlsx", opened))
    assert formulas == 0, f"{formulas} formulas came of texts"
    missing = {dense(text) for text in written} - {dense(text) for text in shown}
    assert not missing, f"LibreOffice shows otherwise: {sorted(missing)[:5]}"
    with zipfile.ZipFile(document) as file:
        fields = []
        for name in file.namelist():
            if name.endswith(".xml"):
                fields += [field.text for field in ElementTree.fromstring(file.read(name)).iter(f"{WORD}instrText")]
        assert all(field.split()[0] == "PAGE" for field in fields), fields
        words = "".join(t.text or "" for t in ElementTree.fromstring(file.read("word/document.xml")).iter(f"{WORD}t"))
    read = convert(document, "txt", opened).read_text(encoding="utf-8-sig")
    for text in ["=cmd|'/C calc'!A0", "<script>__hostile=1</script>", "{{走访户次}}", "]]>&lt;&amp;"]:
        told = dense(text) in dense(words)
        assert told == (dense(text) in dense(read)), f"Word's text and LibreOffice's differ in {text}"
    print(f"hostile texts: {len(written)} cells and the document are the same in LibreOffice, no formula")


main()
