"""Holds the display's clipboard as a spreadsheet does: rows of cells from stdin (JSON), as text with tabs and as a table of a page."""
import html
import json
import sys

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("Gdk", "3.0")
from gi.repository import Gdk, Gtk  # noqa: E402

rows = json.load(sys.stdin)
text = "".join("\t".join(row) + "\r\n" for row in rows)
cells = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
page = f"<html><head><meta name=Generator content=\"WPS\"></head><body><table border=0>{cells}</table></body></html>"
held = {"text/html": page, "UTF8_STRING": text, "text/plain;charset=utf-8": text}

owner = Gtk.Invisible()
owner.realize()
targets = list(held)
for at, target in enumerate(targets):
    Gtk.selection_add_target(owner, Gdk.SELECTION_CLIPBOARD, Gdk.Atom.intern(target, False), at)


def give(_owner, data, info, _time):
    target = targets[info]
    data.set(Gdk.Atom.intern(target, False), 8, held[target].encode())


owner.connect("selection-get", give)
if not Gtk.selection_owner_set(owner, Gdk.SELECTION_CLIPBOARD, Gdk.CURRENT_TIME):
    sys.exit(1)
print("held", flush=True)
Gtk.main()
