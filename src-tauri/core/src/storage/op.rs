//! What operations are called, and what comes of them.

use std::collections::BTreeSet;

use crate::records::Kind;

/// What an operation does, for the change log and the undo button.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    /// 新建台账.
    NewLedger,
    /// 建立示例台账.
    Sample,
    /// 新增.
    Add(Kind),
    /// 修改.
    Change(Kind),
    /// 删除.
    Delete(Kind),
    /// 从回收站恢复.
    Restore(Kind),
    /// 从表格导入.
    Import(Kind),
    /// 批量修改.
    Batch(Kind),
    /// 合并.
    Merge(Kind),
    /// 签发报告.
    Finalise,
    /// 另起修订稿.
    Revise,
    /// 结转计划.
    CarryOver,
    /// 编排报告, by the name of what is done.
    Arrange(&'static str),
    /// 彻底删除.
    Purge(Kind),
    /// 删除个人信息.
    Erase,
    /// 接收移交.
    TakeOver,
}

impl Op {
    /// Name in the log, such as 修改走访.
    pub fn name(self) -> String {
        match self {
            Op::NewLedger => "新建台账".to_owned(),
            Op::Sample => "建立示例台账".to_owned(),
            Op::Add(kind) => format!("新增{}", kind.label()),
            Op::Change(kind) => format!("修改{}", kind.label()),
            Op::Delete(kind) => format!("删除{}", kind.label()),
            Op::Restore(kind) => format!("恢复{}", kind.label()),
            Op::Import(kind) => format!("导入{}", kind.label()),
            Op::Batch(kind) => format!("批量修改{}", kind.label()),
            Op::Merge(kind) => format!("合并{}", kind.label()),
            Op::Finalise => "签发报告".to_owned(),
            Op::Revise => "另起修订稿".to_owned(),
            Op::CarryOver => "结转未完成的计划".to_owned(),
            Op::Arrange(name) => name.to_owned(),
            Op::Purge(kind) => format!("彻底删除{}", kind.label()),
            Op::Erase => "删除个人信息".to_owned(),
            Op::TakeOver => "接收移交".to_owned(),
        }
    }
}

/// The outcome of a transaction.
#[derive(Debug)]
pub struct Done<T> {
    /// What the work answered.
    pub value: T,
    /// Kinds of which a record changed; what screens must read again.
    pub changed: BTreeSet<Kind>,
}
