//! What a sale must know before it is priced: the branch with the store's rules, and the goods.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::sql_types::{Array, BigInt, Bool, Text};
use savdo_domain::access::RowStatus;
use savdo_domain::catalog::Unit;
use savdo_domain::ids::{LocationId, ProductId, StoreId};
use savdo_domain::sale::AcceptedPayments;
use savdo_domain::stock::{LocationKind, LowStock, Place};
use savdo_domain::{Money, Percent};

use crate::columns;
use crate::connection::AnyConnection;
use crate::database::{Reader, Tx};
use crate::error::Error;
use crate::prepared::{cached, given};
use crate::schema::{locations, products, store_settings};
use crate::stock::ascending;

/// A place as a sale or a receipt sees it, with the store's rules of selling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CounterView {
    /// The place.
    pub location_id: LocationId,
    /// Branch or warehouse.
    pub kind: LocationKind,
    /// Its name.
    pub name: String,
    /// Whether it is in use.
    pub status: RowStatus,
    /// The ways of paying that the store takes.
    pub accepted: AcceptedPayments,
    /// Whether the counter gives discounts.
    pub allows_discount: bool,
    /// The most discount of one sale; zero: no limit.
    pub discount_percent_max: Percent,
    /// Whether what is done here joins a shift.
    pub has_shifts: bool,
    /// When its goods run low.
    pub low_stock: LowStock,
}

impl CounterView {
    /// Where it is, as the ledger knows it.
    #[must_use]
    pub const fn place(&self) -> Place {
        Place {
            location_id: self.location_id,
            kind: self.kind,
        }
    }
}

/// Goods as a document sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoodsView {
    /// The product.
    pub id: ProductId,
    /// Its name.
    pub name: String,
    /// The unit it is sold in.
    pub unit: Unit,
    /// The price of one unit.
    pub sale_price: Money,
    /// Whether it is received only with series and expiry.
    pub is_medicine: bool,
    /// Whether the counter sells it.
    pub status: RowStatus,
}

/// A place of the store, whatever its kind and status, kept as it is until the end of the transaction: whoever changes it
/// waits. What is answered of it was read with the lock held.
///
/// # Errors
/// A failed statement, or a corrupt row.
pub fn hold_counter(tx: &mut Tx<'_>, store_id: StoreId, location_id: LocationId) -> Result<Option<CounterView>, Error> {
    let (store, location) = (store_id.get(), location_id.get());
    let row: Option<CounterRow> = tx.statement("counter_hold", |on| match on {
        AnyConnection::Postgres(connection) => HoldCounter {
            store_id: &store,
            location_id: location,
        }
        .get_result(connection)
        .optional(),
        // SQLite's one writer is the lock.
        AnyConnection::Sqlite(connection) => counter_of(connection, store, location),
    })?;
    row.map(CounterView::try_from).transpose()
}

fn counter_of(connection: &mut SqliteConnection, store: i64, location: i64) -> QueryResult<Option<CounterRow>> {
    locations::table
        .inner_join(store_settings::table.on(store_settings::store_id.eq(locations::store_id)))
        .filter(locations::store_id.eq(store))
        .filter(locations::id.eq(location))
        .select((
            locations::id,
            locations::kind,
            locations::name,
            locations::status,
            store_settings::allow_cash,
            store_settings::allow_card,
            store_settings::allow_debt,
            store_settings::allow_discount,
            store_settings::max_discount_percent,
            store_settings::shift_enabled,
            store_settings::low_stock_enabled,
            store_settings::low_stock_threshold,
        ))
        .first(connection)
        .optional()
}

#[derive(Queryable)]
struct CounterRow {
    id: i64,
    kind: String,
    name: String,
    status: String,
    allow_cash: bool,
    allow_card: bool,
    allow_debt: bool,
    allow_discount: bool,
    max_discount_percent: i64,
    shift_enabled: bool,
    low_stock_enabled: bool,
    low_stock_threshold: i64,
}

impl TryFrom<CounterRow> for CounterView {
    type Error = Error;

    fn try_from(row: CounterRow) -> Result<Self, Error> {
        let CounterRow {
            id,
            kind,
            name,
            status,
            allow_cash,
            allow_card,
            allow_debt,
            allow_discount,
            max_discount_percent,
            shift_enabled,
            low_stock_enabled,
            low_stock_threshold,
        } = row;
        Ok(Self {
            location_id: LocationId::new(id),
            kind: columns::coded("locations", id, &kind)?,
            name,
            status: columns::coded("locations", id, &status)?,
            accepted: AcceptedPayments {
                cash: allow_cash,
                card: allow_card,
                debt: allow_debt,
            },
            allows_discount: allow_discount,
            discount_percent_max: Percent::from_hundredths(max_discount_percent),
            has_shifts: shift_enabled,
            low_stock: LowStock::new(low_stock_enabled, low_stock_threshold),
        })
    }
}

/// Binds: 1 store, 2 place.
struct HoldCounter<'a> {
    store_id: &'a i64,
    location_id: i64,
}

cached!(HoldCounter -> (BigInt, Text, Text, Text, Bool, Bool, Bool, Bool, BigInt, Bool, Bool, BigInt));

impl QueryFragment<Pg> for HoldCounter<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        given!(
            out,
            [(BigInt, self.store_id), (BigInt, &self.location_id)],
            "SELECT place.id, place.kind, place.name, place.status, setting.allow_cash, setting.allow_card, \
             setting.allow_debt, setting.allow_discount, setting.max_discount_percent, setting.shift_enabled, \
             setting.low_stock_enabled, setting.low_stock_threshold \
             FROM locations AS place JOIN store_settings AS setting ON setting.store_id = place.store_id \
             WHERE place.store_id = $1 AND place.id = $2 FOR SHARE OF place"
        )
    }
}

/// Those of these products that the store has, in the order of their ids.
///
/// # Errors
/// A failed statement, or a corrupt row.
pub fn goods(reader: &mut Reader<'_>, store_id: StoreId, products: &[ProductId]) -> Result<Vec<GoodsView>, Error> {
    let (store, product_ids) = (store_id.get(), ascending(products));
    let rows: Vec<GoodsRow> = reader.statement("goods_find", |on| match on {
        AnyConnection::Postgres(connection) => FindGoods {
            store_id: store,
            product_ids: &product_ids,
        }
        .load(connection),
        AnyConnection::Sqlite(connection) => product_ids
            .iter()
            .filter_map(|product| goods_of(connection, store, *product).transpose())
            .collect(),
    })?;
    rows.into_iter().map(GoodsView::try_from).collect()
}

fn goods_of(connection: &mut SqliteConnection, store: i64, product: i64) -> QueryResult<Option<GoodsRow>> {
    products::table
        .filter(products::store_id.eq(store))
        .filter(products::id.eq(product))
        .select((
            products::id,
            products::name,
            products::unit,
            products::sale_price,
            products::is_medicine,
            products::status,
        ))
        .first(connection)
        .optional()
}

#[derive(Queryable)]
struct GoodsRow {
    id: i64,
    name: String,
    unit: String,
    sale_price: i64,
    is_medicine: bool,
    status: String,
}

impl TryFrom<GoodsRow> for GoodsView {
    type Error = Error;

    fn try_from(row: GoodsRow) -> Result<Self, Error> {
        let GoodsRow {
            id,
            name,
            unit,
            sale_price,
            is_medicine,
            status,
        } = row;
        Ok(Self {
            id: ProductId::new(id),
            name,
            unit: columns::coded("products", id, &unit)?,
            sale_price: columns::money(sale_price),
            is_medicine,
            status: columns::coded("products", id, &status)?,
        })
    }
}

/// Binds: 1 store, 2 products.
struct FindGoods<'a> {
    store_id: i64,
    product_ids: &'a [i64],
}

cached!(FindGoods -> (BigInt, Text, Text, BigInt, Bool, Text));

impl QueryFragment<Pg> for FindGoods<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        given!(
            out,
            [(BigInt, &self.store_id), (Array<BigInt>, self.product_ids)],
            "SELECT product.id, product.name, product.unit, product.sale_price, product.is_medicine, product.status \
             FROM products AS product JOIN unnest((SELECT $2)) AS asked (id) USING (id) \
             WHERE product.store_id = $1 ORDER BY product.id"
        )
    }
}
