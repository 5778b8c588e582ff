#!/usr/bin/env python3
"""Measures exported reports: the PDF as written, and the DOCX as LibreOffice sets it.

Full lines must hold 28 characters and full pages 22 lines (GB/T 9704-2012), and both must have the document's text in
its order. The fonts of the standard are stood in for by Noto CJK, whose characters have the same widths.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

SERIF = ["仿宋_GB2312", "仿宋", "楷体_GB2312", "楷体", "方正小标宋简体", "宋体", "SimSun"]
SANS = ["黑体", "SimHei"]
# Type area and letters of the standard, in points.
PAGE = (595.3, 841.9)
TOP, BOTTOM, LEFT, RIGHT = 104.9, 742.7, 79.35, 521.6
PITCH = 28.95


def fontconfig(folder: Path) -> Path:
    """A fontconfig file that maps the standard's fonts to Noto CJK."""

    def alias(name: str, target: str) -> str:
        return (
            f'<match target="pattern"><test name="family" qual="any"><string>{name}</string></test>'
            f'<edit name="family" mode="assign" binding="same"><string>{target}</string></edit></match>'
        )

    aliases = [alias(name, "Noto Serif CJK SC") for name in SERIF] + [alias(name, "Noto Sans CJK SC") for name in SANS]
    path = folder / "fonts.conf"
    path.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<dir>/usr/share/fonts</dir><cachedir>{folder}/cache</cachedir>{''.join(aliases)}</fontconfig>",
        encoding="utf-8",
    )
    return path


def convert(docx: Path, folder: Path) -> Path:
    """The document as PDF, converted in a profile of its own."""
    environment = dict(os.environ, FONTCONFIG_FILE=str(fontconfig(folder)), HOME=str(folder))
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(docx)]
    subprocess.run(command, env=environment, check=True, capture_output=True, timeout=300)
    return folder / (docx.stem + ".pdf")


def lines(page: ElementTree.Element, tag: str):
    """Lines of a page as (top, left, right, text), words of one height joined."""
    rows: dict[int, list] = {}
    for word in page.iter(f"{tag}word"):
        box = {key: float(word.get(key)) for key in ("xMin", "xMax", "yMin", "yMax")}
        rows.setdefault(round((box["yMin"] + box["yMax"]) / 2), []).append((box, word.text or ""))
    for row in rows.values():
        row.sort(key=lambda item: item[0]["xMin"])
        yield row[0][0]["yMin"], row[0][0]["xMin"], row[-1][0]["xMax"], "".join(text for _, text in row)


def measure(pdf: Path) -> dict:
    """Figures of the upright pages' body."""
    bbox = subprocess.run(["pdftotext", "-bbox-layout", str(pdf), "-"], check=True, capture_output=True).stdout
    tree = ElementTree.fromstring(bbox)
    tag = tree.tag[: tree.tag.index("}") + 1]
    pages = list(tree.iter(f"{tag}page"))
    lengths, counts = Counter(), []
    for page in pages:
        if float(page.get("width")) > PAGE[0] + 5:
            continue
        body = [line for line in lines(page, tag) if TOP - 8 < line[0] < BOTTOM - 10]
        full = [text for _, left, right, text in body if left < LEFT + 2 and right > RIGHT - 10 and text.isprintable()]
        lengths.update(len(text) for text in full if all(ord(c) > 0x2000 for c in text))
        tops = sorted(line[0] for line in body)
        if tops:
            counts.append(round((tops[-1] - tops[0]) / PITCH) + 1)
    return {
        "pages": len(pages),
        "max_chars_per_line": max(lengths, default=0),
        "max_lines_per_page": max(counts, default=0),
        "full_lines": dict(sorted(lengths.items())),
        "lines_per_page": counts,
    }


def text_of(pdf: Path) -> str:
    """The text without white space and without the page numbers, each of which must be there once."""
    pages = subprocess.run(["pdftotext", "-raw", str(pdf), "-"], check=True, capture_output=True, text=True).stdout.split("\f")
    texts = [re.sub(r"\s", "", page) for page in pages if page.strip()]
    missing = [str(at) for at, text in enumerate(texts, 1) if text.count(f"—{at}—") != 1]
    if missing:
        sys.exit(f"{pdf.name}: no number on page {', '.join(missing)}")
    return "".join(text.replace(f"—{at}—", "") for at, text in enumerate(texts, 1))


def check_grid(name: str, pdf: Path) -> list[str]:
    """What is wrong with a document of full lines: GB/T 9704-2012 has 22 lines of 28 characters a page."""
    found = measure(pdf)
    wrong = []
    if found["max_chars_per_line"] != 28 or min(found["full_lines"], default=0) < 26:
        wrong.append(f"{name}: full lines hold {found['full_lines']}, not 28 characters (26 after the indent)")
    if 22 not in found["lines_per_page"] or found["max_lines_per_page"] != 22:
        wrong.append(f"{name}: pages hold {found['lines_per_page']} lines, not 22")
    print(f"{name}: {found['max_chars_per_line']} characters a line, {found['max_lines_per_page']} lines a page")
    return wrong


def check_text(name: str, pdf: Path, lines: list[str], repeated: list[str]) -> list[str]:
    """Whether a PDF holds the document's text in its order; heads of tables may come again on a further page."""
    text, at, wrong = text_of(pdf), 0, []
    wanted = [re.sub(r"\s", "", line) for line in lines]
    for line in filter(None, wanted):
        found = text.find(line, at)
        between = text[at:found] if found >= 0 else ""
        for head in repeated:
            between = between.replace(head, "")
        if found < 0 or between:
            wrong.append(f"{name}: {line[:40]!r} is missing or something stands before it: {between[:60]!r}")
            if len(wrong) > 4:
                break
            continue
        at = found + len(line)
    print(f"{name}: {len(wanted)} lines of text compared, {len(wrong)} differ")
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="holds grid/ (full lines) and report/, each with a DOCX, a PDF and text.txt")
    folder = parser.parse_args().folder
    wrong = []
    with tempfile.TemporaryDirectory() as scratch:
        for part in ("grid", "report"):
            docx, pdf = next((folder / part).glob("*.docx")), next((folder / part).glob("*.pdf"))
            lines = (folder / part / "text.txt").read_text(encoding="utf-8").splitlines()
            converted = convert(docx.resolve(), Path(scratch))
            heads = [re.sub(r"\s", "", line) for line in lines if line.startswith("序号")]
            for name, file in ((f"{part} PDF", pdf), (f"{part} DOCX", converted)):
                if part == "grid":
                    wrong += check_grid(name, file)
                wrong += check_text(name, file, lines, heads)
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
