//! Small values with rules of their own: ids, money, periods, names and numbers of people, masking.

mod covering;
mod decimal;
mod fen;
mod id;
mod id_number;
mod masking;
mod period;
pub mod pinyin;
mod text;

pub use covering::{Mask, cover_change, cover_content, cover_field, cover_field_change, cover_numbers, number_field};
pub use decimal::{ParseDecimalError, parse_decimal};
pub use fen::Fen;
pub use id::Id;
pub use id_number::{IdNumber, IdNumberFault, Sex};
pub use masking::{Masking, mask_bank_number, mask_id_number, mask_name, mask_phone};
pub use period::{Half, Period};
pub use pinyin::{Spelled, readings, typed_letters};
pub(crate) use text::is_plain;
pub use text::{fold_name, half_width, is_kept_form, is_phone, normalise, print_day, print_percent};
