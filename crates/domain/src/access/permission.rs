//! The rights of the shop, one per thing that a worker may do.
//!
//! A right needs one of its sections and one of its roles. The whole table of roles and rights is locked by a test: a change
//! here shows there, line by line.

use crate::access::{Role, Section};
use crate::coded_enum;

coded_enum! {
    /// Something that a worker may do in his store.
    pub enum Permission {
        /// See the store.
        ViewStore = "view_store",
        /// Change the store itself, switch it off and on.
        ChangeStore = "change_store",
        /// See the branches.
        ViewBranches = "view_branches",
        /// Open a branch.
        CreateBranch = "create_branch",
        /// Change a branch, close it, open it again.
        ChangeBranch = "change_branch",
        /// See the workers.
        ViewWorkers = "view_workers",
        /// Take somebody on.
        HireWorker = "hire_worker",
        /// Change a worker, what he is and what he may.
        ChangeWorkers = "change_workers",
        /// Change one's own names, phones, address and password.
        ChangeOneself = "change_oneself",
        /// See the settings of the store.
        ViewSettings = "view_settings",
        /// Change the settings of the store.
        ChangeSettings = "change_settings",
        /// See categories and products.
        ViewCatalogue = "view_catalogue",
        /// Make and change categories and products.
        ChangeCatalogue = "change_catalogue",
        /// See stock, batches and movements.
        ViewStock = "view_stock",
        /// See what runs low, and where a maker's series went.
        OverseeStock = "oversee_stock",
        /// Take goods in.
        ReceiveStock = "receive_stock",
        /// Take goods out and correct stock.
        ChangeStock = "change_stock",
        /// See past sales.
        ViewSales = "view_sales",
        /// Sell at the counter.
        Sell = "sell",
        /// Cancel a sale.
        CancelSale = "cancel_sale",
        /// Write down that goods of a sale come back.
        ReturnSale = "return_sale",
        /// Give goods and money of a return back, or drop it.
        SettleReturn = "settle_return",
        /// See shifts and their reports.
        ViewShifts = "view_shifts",
        /// Open a shift.
        OpenShift = "open_shift",
        /// Close a shift: who does not lead the shop only his own.
        CloseShift = "close_shift",
        /// See expenses, their categories and receipts.
        ViewExpenses = "view_expenses",
        /// Write an expense down.
        AddExpense = "add_expense",
        /// Change expenses and their categories.
        ChangeExpenses = "change_expenses",
        /// Read the audit log.
        ViewAuditLog = "view_audit_log",
    }
}

/// Whether a right changes anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Only looks.
    Reads,
    /// Changes something.
    Writes,
    /// Changes the store itself, as its owner also may while it is switched off: that is how he switches it on.
    ChangesStore,
}

/// What a right asks of a worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Requirement {
    /// One of these sections, the main one first; none is asked when empty.
    pub sections: &'static [Section],
    /// One of these roles.
    pub roles: &'static [Role],
    /// Whether it changes anything.
    pub effect: Effect,
}

const ANYONE: &[Role] = &[Role::Owner, Role::Manager, Role::Seller, Role::Operator, Role::Courier];
pub(super) const OWNER: &[Role] = &[Role::Owner];

impl Permission {
    /// What this right asks of a worker.
    #[must_use]
    pub const fn requirement(self) -> Requirement {
        use Effect::{ChangesStore, Reads, Writes};
        let (sections, roles, effect): (&[Section], _, _) = match self {
            Self::ViewStore => (&[Section::Stores], ANYONE, Reads),
            Self::ChangeStore => (&[], OWNER, ChangesStore),
            Self::ViewBranches => (&[], ANYONE, Reads),
            Self::CreateBranch | Self::ChangeBranch => (&[], OWNER, Writes),
            Self::ViewWorkers => (&[Section::Workers], Role::MANAGERS, Reads),
            Self::HireWorker | Self::ChangeWorkers => (&[Section::Workers], Role::MANAGERS, Writes),
            Self::ChangeOneself => (&[], ANYONE, Writes),
            Self::ViewSettings => (&[Section::Settings], ANYONE, Reads),
            Self::ChangeSettings => (&[Section::Settings], OWNER, Writes),
            Self::ViewCatalogue => (&[Section::Catalogue], ANYONE, Reads),
            Self::ChangeCatalogue => (&[Section::Catalogue], Role::MANAGERS, Writes),
            Self::ViewStock => (&[Section::Stock], ANYONE, Reads),
            Self::OverseeStock => (&[Section::Stock], Role::MANAGERS, Reads),
            Self::ReceiveStock => (&[Section::Stock], ANYONE, Writes),
            Self::ChangeStock => (&[Section::Stock], Role::MANAGERS, Writes),
            Self::ViewSales => (&[Section::Counter, Section::Sales], ANYONE, Reads),
            Self::Sell => (&[Section::Counter], ANYONE, Writes),
            Self::ReturnSale => (&[Section::Counter], ANYONE, Writes),
            Self::CancelSale | Self::SettleReturn => (&[Section::Counter], Role::MANAGERS, Writes),
            Self::ViewShifts => (&[], ANYONE, Reads),
            Self::OpenShift | Self::CloseShift => (&[Section::Counter], ANYONE, Writes),
            Self::ViewExpenses => (&[Section::Expenses], ANYONE, Reads),
            Self::AddExpense => (&[Section::Expenses], ANYONE, Writes),
            Self::ChangeExpenses => (&[Section::Expenses], Role::MANAGERS, Writes),
            Self::ViewAuditLog => (&[], OWNER, Reads),
        };
        Requirement {
            sections,
            roles,
            effect,
        }
    }
}
