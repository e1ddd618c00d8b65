//! What joined a shift, summed by what its report tells apart.
//!
//! What belongs to a part of the trade that does not exist yet is nothing, as in a store that does not use it.

use serde::{Deserialize, Serialize};

use crate::expense::Tender;
use crate::ids::WorkerId;
use crate::money::Money;
use crate::sale::PaymentType;

/// All that joined a shift.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ShiftDocuments {
    /// Sales that were not undone while the shift was open, by seller and way of paying.
    pub sales: Vec<SoldBy>,
    /// Sales of the shift that were undone while it was open.
    pub cancelled: Cancelled,
    /// What was handed back in this shift for sales that are none of its own.
    pub cancel_refunds: Handed,
    /// Returns confirmed in this shift, by who had sold the goods.
    pub returns: Vec<ReturnsOf>,
    /// What customers paid of their debts.
    pub debt_payments: DebtPayments,
    /// Active expenses, by category and way of paying, in the order in which they are told.
    pub expenses: Vec<SpentOn>,
    /// What suppliers were paid out of the drawer.
    pub supplier_payments_cash: Money,
    /// What was written off.
    pub wastages: Wastages,
}

/// The sales of one seller that were paid one way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoldBy {
    /// The seller.
    pub worker_id: WorkerId,
    /// His name.
    pub name: String,
    /// The way of paying.
    pub payment_type: PaymentType,
    /// How many.
    pub count: i64,
    /// What they cost before the sales' own discounts.
    pub gross: Money,
    /// The sales' own discounts.
    pub discount: Money,
    /// What was paid in cash.
    pub cash: Money,
    /// What was paid by card.
    pub card: Money,
    /// What stays owed.
    pub debt: Money,
}

/// Sales undone in their own shift.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cancelled {
    /// How many.
    pub count: i64,
    /// What they had cost.
    pub total: Money,
}

/// Money handed back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Handed {
    /// How many times.
    pub count: i64,
    /// In cash.
    pub cash: Money,
    /// To a card.
    pub card: Money,
}

/// What goods that came back were worth to the buyer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReturnedGoods {
    /// Handed back in cash.
    pub cash: Money,
    /// Handed back to a card.
    pub card: Money,
    /// Struck out of a debt.
    pub debt: Money,
}

/// Returns of what one seller had sold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnsOf {
    /// The seller.
    pub worker_id: WorkerId,
    /// His name.
    pub name: String,
    /// How many.
    pub count: i64,
    /// What became of the money.
    pub refunds: ReturnedGoods,
}

/// What customers paid of their debts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DebtPayments {
    /// How many times.
    pub count: i64,
    /// In cash.
    pub cash: Money,
    /// By card.
    pub card: Money,
    /// By transfer.
    pub transfer: Money,
}

/// Expenses of one category that were paid one way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpentOn {
    /// The name of the category.
    pub category: String,
    /// The way of paying.
    pub payment_type: Tender,
    /// How many.
    pub count: i64,
    /// How much.
    pub total: Money,
}

/// Goods written off.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wastages {
    /// How many times.
    pub count: i64,
    /// What they had cost.
    pub cost: Money,
}
