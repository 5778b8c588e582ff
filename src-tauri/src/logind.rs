//! Sleep and the locked screen, as logind tells them: the machine waits until the ledger is locked before it sleeps.
//! Without logind nothing is missed but time: sleep is then seen from the clock, afterwards.

use std::cell::RefCell;
use std::rc::Rc;

use gio::glib::{Error, MainContext, MainLoop, Variant, VariantDict};
use gio::prelude::*;
use gio::{BusType, Cancellable, DBusCallFlags, DBusConnection, DBusSignalFlags, UnixFDList};
use tauri::AppHandle;

use crate::watch::lock;

const NAME: &str = "org.freedesktop.login1";
const MANAGER: &str = "org.freedesktop.login1.Manager";
const SESSION: &str = "org.freedesktop.login1.Session";
const PROPERTIES: &str = "org.freedesktop.DBus.Properties";
const PATH: &str = "/org/freedesktop/login1";
/// The session of whoever asks, also where a desktop starts its programs outside of it.
const OWN_SESSION: &str = "/org/freedesktop/login1/session/auto";
const PATIENCE_MS: i32 = 5000;

/// Listens on a thread of its own: a bus that does not answer must not hold up the window.
pub fn start(app: AppHandle) {
    std::thread::spawn(move || {
        let context = MainContext::new();
        let listened = context.with_thread_default(|| {
            let bus = listen(&app)?;
            MainLoop::new(Some(&context), false).run();
            drop(bus);
            Ok::<(), Error>(())
        });
        if !matches!(listened, Ok(Ok(()))) {
            eprintln!("没有连上系统的登录服务：电脑睡眠只能在醒来后从时钟看出。");
        }
    });
}

/// What keeps the machine from sleeping. logind waits until the last copy of it is closed, which the list does when it is dropped.
type Delay = Rc<RefCell<Option<UnixFDList>>>;

fn listen(app: &AppHandle) -> Result<DBusConnection, Error> {
    let bus = gio::bus_get_sync(BusType::System, Cancellable::NONE)?;
    // A bus that goes must not take the program with it.
    bus.set_exit_on_close(false);
    let delay = Delay::default();
    // Heard before it is delayed: a sleep in between would be waited for in vain.
    subscribe(&bus, MANAGER, "PrepareForSleep", PATH, {
        let (app, bus, delay) = (app.clone(), bus.clone(), Rc::clone(&delay));
        move |told| match told.child_value(0).get::<bool>() {
            Some(true) => {
                lock(&app);
                delay.take();
            }
            Some(false) => {
                delay.replace(inhibit(&bus).ok());
            }
            None => {}
        }
    });
    delay.replace(Some(inhibit(&bus)?));
    if let Some(session) = own_session(&bus) {
        let asked = app.clone();
        subscribe(&bus, SESSION, "Lock", &session, move |_| lock(&asked));
        // Desktops that lock the screen by themselves say so afterwards.
        let asked = app.clone();
        subscribe(&bus, PROPERTIES, "PropertiesChanged", &session, move |told| {
            if is_screen_locked(told) {
                lock(&asked);
            }
        });
    }
    Ok(bus)
}

fn subscribe(bus: &DBusConnection, interface: &str, member: &str, path: &str, heard: impl Fn(&Variant) + 'static) {
    bus.signal_subscribe(
        Some(NAME),
        Some(interface),
        Some(member),
        Some(path),
        None,
        DBusSignalFlags::NONE,
        move |_, _, _, _, _, told| {
            heard(told);
        },
    );
}

fn inhibit(bus: &DBusConnection) -> Result<UnixFDList, Error> {
    let asked = ("sleep", "驻村记", "锁定台账", "delay").to_variant();
    let answer = bus.call_with_unix_fd_list_sync(
        Some(NAME),
        PATH,
        MANAGER,
        "Inhibit",
        Some(&asked),
        None,
        DBusCallFlags::NONE,
        PATIENCE_MS,
        None::<&UnixFDList>,
        Cancellable::NONE,
    )?;
    Ok(answer.1)
}

fn own_session(bus: &DBusConnection) -> Option<String> {
    let call = |path, interface, method, asked: Variant| {
        let answer = bus.call_sync(
            Some(NAME),
            path,
            interface,
            method,
            Some(&asked),
            None,
            DBusCallFlags::NONE,
            PATIENCE_MS,
            Cancellable::NONE,
        );
        Some(answer.ok()?.child_value(0))
    };
    let id = call(OWN_SESSION, PROPERTIES, "Get", (SESSION, "Id").to_variant())?.as_variant()?.get::<String>()?;
    call(PATH, MANAGER, "GetSession", (id,).to_variant())?.str().map(str::to_owned)
}

/// Whether a change of the session's properties says that its screen is locked now.
fn is_screen_locked(told: &Variant) -> bool {
    let is_session = told.child_value(0).str() == Some(SESSION);
    is_session && VariantDict::new(Some(&told.child_value(1))).lookup::<bool>("LockedHint").ok().flatten() == Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_locked_screen_of_the_session_locks() {
        let changed = |interface: &str, locked: bool| {
            let values = VariantDict::new(None);
            values.insert("LockedHint", locked);
            Variant::tuple_from_iter([interface.to_variant(), values.end(), Vec::<String>::new().to_variant()])
        };
        assert!(is_screen_locked(&changed(SESSION, true)));
        assert!(!is_screen_locked(&changed(SESSION, false)));
        assert!(!is_screen_locked(&changed(MANAGER, true)));
    }
}
