#!/usr/bin/env python3
"""Measures exported reports: the PDF as written, and the DOCX as LibreOffice sets it.

Full lines must hold 28 characters and full pages 22 lines (GB/T 9704-2012), every line must stand on that grid, page
numbers in their places, and both files must have the document's text in its order. The fonts of the standard are stood
in for by Noto CJK, whose characters have the same widths.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

SERIF = ["仿宋_GB2312", "仿宋", "楷体_GB2312", "楷体", "方正小标宋简体", "宋体", "SimSun"]
SANS = ["黑体", "SimHei"]
MM = 72 / 25.4
# Paper, type area and letters of the standard, in points.
PAPER = (595.3, 841.9)
TOP, BOTTOM, LEFT, RIGHT = 37 * MM, (297 - 35) * MM, 28 * MM, (210 - 26) * MM
PITCH = 28.95
NUMBER = 14
# What never begins and never ends a line.
NEVER_FIRST = "，。、；：？！）》】〕”’%"
NEVER_LAST = "（《【〔“‘"
HEADING = re.compile(r"[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）")
DAY = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日")


@dataclass
class Line:
    """Words that stand at one height."""

    top: float
    bottom: float
    left: float
    right: float
    text: str

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


@dataclass
class Page:
    """A page's lines from its head to its foot; `number` is the one printed."""

    across: bool
    lines: list
    number: Line | None


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


def joined(words: list[Line]) -> list[Line]:
    """Lines of words whose middles are less than half a letter apart."""
    lines: list[list[Line]] = []
    for word in sorted(words, key=lambda word: word.middle):
        if lines and word.middle - lines[-1][0].middle < 6:
            lines[-1].append(word)
        else:
            lines.append([word])
    for line in lines:
        line.sort(key=lambda word: word.left)
    return [
        Line(
            min(word.top for word in line),
            max(word.bottom for word in line),
            line[0].left,
            line[-1].right,
            "".join(word.text for word in line),
        )
        for line in lines
    ]


def pages_of(pdf: Path) -> list[Page]:
    """The pages with their lines; the page number is kept apart."""
    bbox = subprocess.run(["pdftotext", "-bbox-layout", str(pdf), "-"], check=True, capture_output=True).stdout
    tree = ElementTree.fromstring(bbox)
    tag = tree.tag[: tree.tag.index("}") + 1]
    pages = []
    for at, page in enumerate(tree.iter(f"{tag}page"), 1):
        box = [[float(word.get(key)) for key in ("yMin", "yMax", "xMin", "xMax")] for word in page.iter(f"{tag}word")]
        words = [Line(*place, word.text or "") for place, word in zip(box, page.iter(f"{tag}word"))]
        across = float(page.get("width")) > PAPER[0] + 5
        foot = [word for word in words if (word.right < 35 * MM if across else word.top > BOTTOM)]
        body = [word for word in words if word not in foot]
        number = None
        if re.sub(r"\s", "", "".join(word.text for word in sorted(foot, key=lambda w: (w.top, w.left)))) == f"—{at}—":
            edges = zip(*((word.top, word.bottom, word.left, word.right) for word in foot))
            top, bottom, left, right = edges
            number = Line(min(top), max(bottom), min(left), max(right), str(at))
        pages.append(Page(across, joined(body), number))
    return pages


def measure(pages: list[Page]) -> dict:
    """Characters of full lines and lines of full pages."""
    lengths, counts = Counter(), []
    for page in pages:
        if page.across or not page.lines:
            continue
        full = [line.text for line in page.lines if line.left < LEFT + 2 and line.right > RIGHT - 10]
        lengths.update(len(text) for text in full if all(ord(c) > 0x2000 for c in text))
        counts.append(round((page.lines[-1].middle - page.lines[0].middle) / PITCH) + 1)
    return {"lengths": dict(sorted(lengths.items())), "counts": counts}


def check_grid(name: str, pages: list[Page]) -> list[str]:
    """What is wrong with a document of full lines: GB/T 9704-2012 has 22 lines of 28 characters a page."""
    found = measure(pages)
    lengths, counts = found["lengths"], found["counts"]
    longest, most = max(lengths, default=0), max(counts, default=0)
    wrong = []
    if longest != 28 or set(lengths) - {26, 28}:
        wrong.append(f"{name}: full lines hold {lengths}, not 28 characters")
    if most != 22 or counts[1:-1] != [22] * len(counts[1:-1]):
        wrong.append(f"{name}: pages hold {counts} lines, not 22")
    print(f"{name}: {longest} characters a line, {most} lines a page")
    return wrong


def check_numbers(name: str, pages: list[Page]) -> list[str]:
    """Whether every page has its number where it belongs: one character in from the outer edge, 7 mm under the text.

    On a page that lies across it stands in the same place of the sheet, which is then at the left.
    """
    wrong, near = [], 6
    for at, page in enumerate(pages, 1):
        number = page.number
        if number is None:
            wrong.append(f"{name}: no number on page {at}")
        elif page.across:
            edge, wanted = (number.bottom, (210 - 26) * MM - NUMBER) if at % 2 else (number.top, 28 * MM + NUMBER)
            below = (35 - 7) * MM - NUMBER / 2 - (number.left + number.right) / 2
            if abs(edge - wanted) > near or abs(below) > near:
                wrong.append(f"{name}: the number of page {at} is {edge - wanted:.1f} pt too low, {below:.1f} pt too far left")
        else:
            edge, wanted = (number.right, RIGHT - NUMBER) if at % 2 else (number.left, LEFT + NUMBER)
            below = number.middle - (BOTTOM + 7 * MM + NUMBER / 2)
            if abs(edge - wanted) > near or abs(below) > near:
                wrong.append(f"{name}: the number of page {at} is {edge - wanted:.1f} pt too far right, {below:.1f} pt too low")
    return wrong


def check_lines(name: str, pages: list[Page], units_stay: bool) -> list[str]:
    """What a reader's eye would catch in the text before the annexes: lines off the grid, torn figures, lone headings."""
    wrong = []
    text = []
    for page in pages:
        if page.lines and page.lines[0].text.startswith("附件1"):
            break
        text.append(page)
    for at, page in enumerate(text, 1):
        for line in page.lines:
            steps = (line.middle - page.lines[0].middle) / PITCH
            if abs(steps - round(steps)) * PITCH > 4:
                wrong.append(f"{name}: page {at}, {line.text[:20]!r} stands {steps:.2f} lines under the first")
            if line.text[0] in NEVER_FIRST or line.text[-1] in NEVER_LAST:
                wrong.append(f"{name}: page {at}, {line.text!r} begins or ends with what never does")
        for line, after in zip(page.lines, page.lines[1:]):
            digit = line.text[-1].isdigit() and line.right > RIGHT - 24
            if digit and (units_stay or after.text[0].isdigit()) and after.left < LEFT + 2:
                wrong.append(f"{name}: page {at}, a figure is torn: {line.text[-8:]!r} / {after.text[:4]!r}")
        if page.lines and HEADING.match(page.lines[-1].text):
            wrong.append(f"{name}: page {at} ends with the heading {page.lines[-1].text!r}")
    if text and (len(text[-1].lines) < 3 or not DAY.fullmatch(text[-1].lines[-1].text)):
        wrong.append(f"{name}: the sign-off is not at the end of some text: {[line.text for line in text[-1].lines]}")
    print(f"{name}: {sum(len(page.lines) for page in text)} lines of {len(text)} pages looked at, {len(wrong)} wrong")
    return wrong


def text_of(pdf: Path) -> str:
    """The text without white space and page numbers."""
    raw = subprocess.run(["pdftotext", "-raw", str(pdf), "-"], check=True, capture_output=True, text=True).stdout
    texts = [re.sub(r"[\s\u200b]", "", page) for page in raw.split("\f") if page.strip()]
    return "".join(text.replace(f"—{at}—", "") for at, text in enumerate(texts, 1))


def check_text(name: str, pdf: Path, lines: list[str], heads: list[str]) -> list[str]:
    """Whether a PDF holds the document's text in its order; heads of tables, which come again, are looked at apart."""
    text, at = text_of(pdf), 0
    wrong = [f"{name}: {head!r} is missing" for head in heads if head not in text]
    for head in heads:
        text = text.replace(head, "")
    wanted = [line for line in (re.sub(r"\s", "", line) for line in lines) if line not in heads]
    for line in filter(None, wanted):
        found = text.find(line, at)
        if found != at:
            between = text[at : max(found, at + 60)][:60]
            wrong.append(f"{name}: {line[:40]!r} is missing or something stands before it: {between!r}")
            if len(wrong) > 4:
                break
            continue
        at = found + len(line)
    if not wrong and text[at:]:
        wrong.append(f"{name}: after the end stands {text[at:][:60]!r}")
    print(f"{name}: {len(wanted)} lines of text compared, {len(wrong)} differ")
    return wrong


def check_heads(name: str, pages: list[Page], head: str) -> list[str]:
    """Whether a table over many pages has its head on each of them."""
    without = [at for at, page in enumerate(pages, 1) if page.across and head not in [line.text for line in page.lines]]
    count = sum(page.across for page in pages)
    print(f"{name}: a table over {count} pages")
    wrong = [f"{name}: no head of the table on page {at}" for at in without]
    return wrong if count > 3 else [*wrong, f"{name}: the long table fills {count} pages"]


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
                pages = pages_of(file)
                wrong += check_numbers(name, pages)
                if part == "grid":
                    wrong += check_grid(name, pages) + check_heads(name, pages, heads[0])
                else:
                    wrong += check_lines(name, pages, units_stay=file == pdf)
                wrong += check_text(name, file, lines, heads)
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
