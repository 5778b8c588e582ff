#!/usr/bin/env python3
"""Measures an exported DOCX: converts it to PDF with LibreOffice and counts characters a line and lines a page.

Usage: docx_layout.py REPORT.docx [--pdf KEEP.pdf]

Prints {"pages", "max_chars_per_line", "max_lines_per_page"} for the lines of the body (3号, left of the page's middle at
their beginning). GB/T 9704-2012 asks for 28 and 22. The fonts of the standard are stood in for by Noto CJK, whose
characters have the same widths.
"""

import argparse
import json
import os
import subprocess
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("docx", type=Path)
    parser.add_argument("--pdf", type=Path, help="keep the converted PDF here")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        pdf = convert(arguments.docx.resolve(), Path(folder))
        print(json.dumps(measure(pdf), ensure_ascii=False))
        if arguments.pdf:
            arguments.pdf.write_bytes(pdf.read_bytes())


if __name__ == "__main__":
    main()
