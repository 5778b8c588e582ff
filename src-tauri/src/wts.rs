//! Sleep and the locked screen, as Windows tells them to the windows of a program (Power Management and Remote Desktop Services,
//! "WTS"): to one that nobody sees, on a thread of its own, so that Windows waits while the ledger is locked.

#![allow(unsafe_code, reason = "windows and their messages are the system's own; nothing safe lies over these few")]

use std::cell::RefCell;

use tauri::AppHandle;
use windows_sys::Win32::Foundation::{HWND, LPARAM, LRESULT, WPARAM};
use windows_sys::Win32::System::LibraryLoader::GetModuleHandleW;
use windows_sys::Win32::System::RemoteDesktop::{NOTIFY_FOR_THIS_SESSION, WTSRegisterSessionNotification};
use windows_sys::Win32::UI::WindowsAndMessaging::{
    CreateWindowExW, DefWindowProcW, DispatchMessageW, GetMessageW, PBT_APMSUSPEND, RegisterClassW, WM_POWERBROADCAST,
    WM_WTSSESSION_CHANGE, WNDCLASSW, WS_POPUP, WTS_CONSOLE_DISCONNECT, WTS_REMOTE_DISCONNECT, WTS_SESSION_LOCK,
};
use windows_sys::core::w;

use crate::watch;

const CLASS: *const u16 = w!("zhucunji-session");

thread_local! {
    /// What is to happen when the user leaves. Windows calls a window's procedure on the thread that made the window.
    static LEAVING: RefCell<Option<Box<dyn Fn()>>> = const { RefCell::new(None) };
}

/// Listens for as long as the program runs.
pub fn start(app: AppHandle) {
    std::thread::spawn(move || {
        if !listen(move || watch::lock(&app), |_| {}) {
            eprintln!("没有听到系统的睡眠和锁屏：离开时请按 Ctrl+L。");
        }
    });
}

/// Whether a message says that the machine is about to sleep, or that its user went away from this session.
fn is_leaving(message: u32, what: WPARAM) -> bool {
    let what = u32::try_from(what).unwrap_or_default();
    match message {
        WM_POWERBROADCAST => what == PBT_APMSUSPEND,
        WM_WTSSESSION_CHANGE => matches!(what, WTS_SESSION_LOCK | WTS_CONSOLE_DISCONNECT | WTS_REMOTE_DISCONNECT),
        _ => false,
    }
}

unsafe extern "system" fn on_message(window: HWND, message: u32, what: WPARAM, more: LPARAM) -> LRESULT {
    if is_leaving(message, what) {
        LEAVING.with_borrow(|leaving| leaving.iter().for_each(|leave| leave()));
    }
    // SAFETY: handed on as it came.
    unsafe { DefWindowProcW(window, message, what, more) }
}

/// Makes the window and hears its messages; `false` where Windows gives none. Says which window it is before the first message.
fn listen(leave: impl Fn() + 'static, ready: impl FnOnce(HWND)) -> bool {
    LEAVING.set(Some(Box::new(leave)));
    // SAFETY: the class names a procedure that lives as long as the program, its name and the message outlive their use, and what
    // is left out may be empty.
    unsafe {
        let program = GetModuleHandleW(std::ptr::null());
        let class = WNDCLASSW { lpfnWndProc: Some(on_message), hInstance: program, lpszClassName: CLASS, ..std::mem::zeroed() };
        RegisterClassW(&class);
        // A window of the desktop: those that are for messages alone are not told of sleep.
        let (none, nobody) = (std::ptr::null_mut(), std::ptr::null());
        let window = CreateWindowExW(0, CLASS, CLASS, WS_POPUP, 0, 0, 0, 0, none, none, program, nobody);
        if window.is_null() {
            return false;
        }
        // Refused, sleep is still heard.
        WTSRegisterSessionNotification(window, NOTIFY_FOR_THIS_SESSION);
        ready(window);
        let mut message = std::mem::zeroed();
        while GetMessageW(&raw mut message, std::ptr::null_mut(), 0, 0) > 0 {
            DispatchMessageW(&raw const message);
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use windows_sys::Win32::UI::WindowsAndMessaging::{PBT_APMRESUMEAUTOMATIC, SendMessageW, WTS_SESSION_UNLOCK};

    use super::*;

    #[test]
    fn going_away_is_heard_before_windows_goes_on_and_coming_back_is_not() {
        let (heard, left) = mpsc::channel();
        let (ready, made) = mpsc::channel();
        std::thread::spawn(move || listen(move || heard.send(()).unwrap(), move |window| ready.send(window as usize).unwrap()));
        let window = made.recv().unwrap();
        let tell = |message, what: u32| {
            // SAFETY: the window is there until the program ends; the call answers when it has been heard.
            unsafe { SendMessageW(window as HWND, message, what as WPARAM, 0) };
            left.try_iter().count()
        };
        assert_eq!(tell(WM_POWERBROADCAST, PBT_APMSUSPEND), 1, "sleep");
        assert_eq!(tell(WM_POWERBROADCAST, PBT_APMRESUMEAUTOMATIC), 0);
        assert_eq!(tell(WM_WTSSESSION_CHANGE, WTS_SESSION_LOCK), 1, "Windows and L");
        assert_eq!(tell(WM_WTSSESSION_CHANGE, WTS_SESSION_UNLOCK), 0);
        assert_eq!(tell(WM_WTSSESSION_CHANGE, WTS_CONSOLE_DISCONNECT), 1, "another user takes the screen");
    }
}
