//! How large a demo is made.

use super::{DAYS, people};

const BUYERS: usize = 100;
const SELLERS: usize = 100;
/// For how many days the chain has been trading where there is a year of sales and orders.
const YEAR: u64 = 366;

/// How large a demo is made, beside the four weeks of the small one.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Size {
    /// Add so many products more
    #[arg(long, value_name = "COUNT")]
    pub products: Option<usize>,
    /// Products of fifty other stores [default: half as many]
    #[arg(long, value_name = "COUNT", requires = "products")]
    pub other_products: Option<usize>,
    /// Sales over the last year, with the goods for them
    #[arg(long, value_name = "COUNT", requires = "products", default_value_t)]
    pub sales: usize,
    /// Online orders over the last year, with the goods for them
    #[arg(long, value_name = "COUNT", requires = "products", default_value_t)]
    pub orders: usize,
    /// Who sells [default: a hundred where there are sales]
    #[arg(long, value_name = "COUNT", requires = "products")]
    pub sellers: Option<usize>,
    /// Who orders [default: a hundred]
    #[arg(long, value_name = "COUNT", requires = "products")]
    pub customers: Option<usize>,
}

impl Size {
    /// For how many days the chain has been trading.
    pub(super) const fn days(&self) -> u64 {
        if self.sales == 0 && self.orders == 0 {
            DAYS
        } else {
            YEAR
        }
    }

    pub(super) fn sellers(&self) -> usize {
        let usual = if self.sales == 0 { 0 } else { SELLERS };
        self.sellers.unwrap_or(usual).max(usize::from(self.sales > 0))
    }

    pub(super) fn customers(&self) -> usize {
        self.customers.unwrap_or(BUYERS).max(usize::from(self.orders > 0))
    }

    /// The log-ins of the many, where there are some, to be printed below the card.
    #[must_use]
    pub fn crowd(&self) -> Option<String> {
        let all = |name: &dyn Fn(usize) -> String, count| match count {
            0 => None,
            1 => Some(name(1)),
            _ => Some(format!("{} to {}", name(1), name(count))),
        };
        let lines = [
            (
                "sellers",
                all(&|number| format!("{}{number}", people::SELLERS), self.sellers()),
            ),
            (
                "couriers",
                all(&|number| format!("{}{number}", people::COURIERS), self.couriers()),
            ),
            (
                "customers",
                all(&|number| format!("{}{number:05}", people::BUYERS), self.customers()),
            ),
        ];
        self.products?;
        let lines = lines
            .into_iter()
            .filter_map(|(who, names)| Some(format!("  {who:<9} {}", names?)));
        Some(
            lines.fold("Many more, with the same password".to_owned(), |text, line| {
                text + "\n" + &line
            }),
        )
    }

    /// One for each ten sellers, where there is something to be brought.
    pub(super) fn couriers(&self) -> usize {
        if self.orders == 0 {
            0
        } else {
            self.sellers().div_ceil(10).max(1)
        }
    }
}
