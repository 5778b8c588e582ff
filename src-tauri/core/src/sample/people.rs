//! What makes an invented person recognisable as one: ID numbers of no region, telephone and bank numbers of nobody.

use chrono::NaiveDate;

use crate::records::household::Member;
use crate::value::{IdNumber, Sex};

/// First six digits of every ID number of the sample. No place in China has this code, so the number is nobody's.
pub(super) const NO_REGION: &str = "990101";

/// First digits of every mobile number of the sample.
pub(super) const NO_PHONE: &str = "1990000";

/// First digits of every bank account of the sample; no bank issues cards with it.
pub(super) const NO_BANK: &str = "99000000000";

/// Gives a person an ID number with birth day and sex. Two people of the same day need different `nth`, below 500.
pub(super) fn identify(member: &mut Member, birth: NaiveDate, sex: Sex, nth: usize) {
    let order = nth % 500 * 2 + usize::from(sex == Sex::Male);
    member.id_number = IdNumber::complete(&format!("{NO_REGION}{}{order:03}", birth.format("%Y%m%d")));
    member.birth = Some(birth);
    member.sex = Some(sex);
}

/// The nth invented bank account.
pub(super) fn account(nth: usize) -> String {
    format!("{NO_BANK}{nth:08}")
}
