//! How the window looks on this laptop: light or dark, and how large its letters are.

use serde::{Deserialize, Serialize};
use tauri::{Theme, WebviewWindow};

/// 外观.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Look {
    /// 颜色.
    pub colours: Colours,
    /// 字号.
    pub letters: Letters,
}

/// 颜色: light, dark, or as the system has it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Colours {
    /// 跟随系统.
    System,
    /// 浅色.
    #[default]
    Light,
    /// 深色.
    Dark,
}

/// 字号 of the whole window.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Letters {
    /// 标准.
    #[default]
    Standard,
    /// 大.
    Large,
    /// 特大.
    Largest,
}

impl Colours {
    /// What the window is told; nothing leaves it to the system.
    fn theme(self) -> Option<Theme> {
        match self {
            Colours::System => None,
            Colours::Light => Some(Theme::Light),
            Colours::Dark => Some(Theme::Dark),
        }
    }
}

impl Letters {
    /// So many times as large.
    fn zoom(self) -> f64 {
        match self {
            Letters::Standard => 1.0,
            Letters::Large => 1.15,
            Letters::Largest => 1.3,
        }
    }
}

/// Gives the window its look; one that the system does not give is as it was.
pub fn give(window: &WebviewWindow, look: Look) {
    let _ = window.set_theme(look.colours.theme());
    let _ = window.set_zoom(look.letters.zoom());
}
