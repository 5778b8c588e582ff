"""A login service that is told what to say: stands in for logind on a bus of the test's own.

Commands come through the standard input (sleep, wake, screen, lock, watch FILE); what the program does is told line by line: "inhibited"
when it delays sleep, "released" when it lets go, with whether the file that is watched was there at that moment."""
import os
import sys

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402

watched = []
MANAGER, PATH = "org.freedesktop.login1.Manager", "/org/freedesktop/login1"
SESSION = "org.freedesktop.login1.Session"
OWN, REAL = PATH + "/session/auto", PATH + "/session/c7"
INTERFACES = Gio.DBusNodeInfo.new_for_xml(
    f"""<node>
  <interface name="{MANAGER}">
    <method name="Inhibit">
      <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="s" direction="in"/>
      <arg type="h" direction="out"/>
    </method>
    <method name="GetSession"><arg type="s" direction="in"/><arg type="o" direction="out"/></method>
  </interface>
  <interface name="{SESSION}"><property name="Id" type="s" access="read"/></interface>
</node>"""
)


def say(*words):
    print(*words, flush=True)


def released(end, _condition):
    os.close(end)
    say("released", *("open" if os.path.exists(file) else "closed" for file in watched))
    return False


def called(_bus, _sender, _path, _interface, method, given, invocation):
    if method == "GetSession":
        return invocation.return_value(GLib.Variant("(o)", (REAL if given[0] == "c7" else "/",)))
    ours, theirs = os.pipe()
    fds = Gio.UnixFDList.new_from_array([theirs])
    invocation.return_value_with_unix_fd_list(GLib.Variant("(h)", (0,)), fds)
    GLib.io_add_watch(ours, GLib.PRIORITY_DEFAULT, GLib.IO_HUP, released)
    say("inhibited", given[0], given[3])


def asked_for(*_names):
    return GLib.Variant("s", "c7")


def told(source, _condition):
    # All that is there: lines that a buffer of Python's kept would wake nobody.
    commands = os.read(source.fileno(), 65536).decode().splitlines()
    if not commands:
        loop.quit()
        return False
    for command in commands:
        obey(command)
    return True


def obey(command):
    if command.startswith("watch "):
        watched.append(command[len("watch ") :])
        return
    path, interface, name, what = {
        "sleep": (PATH, MANAGER, "PrepareForSleep", GLib.Variant("(b)", (True,))),
        "wake": (PATH, MANAGER, "PrepareForSleep", GLib.Variant("(b)", (False,))),
        "lock": (REAL, SESSION, "Lock", None),
        "screen": (
            REAL,
            "org.freedesktop.DBus.Properties",
            "PropertiesChanged",
            GLib.Variant("(sa{sv}as)", (SESSION, {"LockedHint": GLib.Variant("b", True)}, [])),
        ),
    }[command]
    bus.emit_signal(None, path, interface, name, what)


bus = Gio.bus_get_sync(Gio.BusType.SYSTEM, None)
bus.register_object(PATH, INTERFACES.interfaces[0], called, None, None)
bus.register_object(OWN, INTERFACES.interfaces[1], None, asked_for, None)
Gio.bus_own_name_on_connection(bus, "org.freedesktop.login1", Gio.BusNameOwnerFlags.NONE, lambda *_: say("ready"), None)
GLib.io_add_watch(sys.stdin, GLib.PRIORITY_DEFAULT, GLib.IO_IN | GLib.IO_HUP, told)
loop = GLib.MainLoop()
loop.run()
