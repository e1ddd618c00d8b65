//! The database itself, for what no request is for: whom and what there is in the demo, and carts that are filled at once.

use std::str::FromStr as _;

use anyhow::{Context as _, bail};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Text};
use diesel::{PgConnection, QueryableByName, SqliteConnection};
use savdo_persistence::DatabaseUrl;
use savdo_services::{Clock as _, SystemClock};

use crate::meter;

/// How many rows one statement brings.
const ROWS: usize = 500;

/// A connection to the database that is measured.
pub(crate) enum Store {
    /// And the process that all others of it are children of.
    Postgres(PgConnection, u32),
    /// One file, which the server has open at the same time.
    Sqlite(SqliteConnection),
}

/// A product that customers order without a prescription.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, QueryableByName)]
pub(crate) struct Goods {
    /// Its id.
    #[diesel(sql_type = BigInt)]
    pub(crate) id: i64,
    /// Its price in tiyin.
    #[diesel(sql_type = BigInt)]
    pub(crate) price: i64,
}

/// Somebody who can sign in.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub(crate) struct Account {
    /// The user's id.
    #[diesel(sql_type = BigInt)]
    pub(crate) id: i64,
    /// The phone of a customer, the name of staff.
    #[diesel(sql_type = Text)]
    pub(crate) name: String,
}

/// Products of one store whose ids are as far from one another as the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, QueryableByName)]
pub(crate) struct Shelf {
    /// The first id.
    #[diesel(sql_type = BigInt)]
    pub(crate) first: i64,
    /// How many there are.
    #[diesel(sql_type = BigInt)]
    pub(crate) count: i64,
    /// From one to the next.
    #[diesel(sql_type = BigInt)]
    pub(crate) step: i64,
}

impl Shelf {
    /// The ids.
    pub(crate) fn ids(&self) -> Vec<i64> {
        (0..self.count).map(|place| self.first + place * self.step).collect()
    }
}

#[derive(QueryableByName)]
struct Words {
    #[diesel(sql_type = Text)]
    text: String,
}

/// A number that a statement asks for.
#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

#[derive(QueryableByName)]
struct Process {
    #[diesel(sql_type = Integer)]
    process: i32,
}

impl Store {
    /// Opens the database of a URL, which is PostgreSQL on this machine or a file.
    pub(crate) fn open(url: &str) -> anyhow::Result<Self> {
        match DatabaseUrl::from_str(url)? {
            DatabaseUrl::Postgres(url) => {
                let mut connection = PgConnection::establish(&url)?;
                let own: Process =
                    diesel::sql_query("SELECT pg_backend_pid() AS process").get_result(&mut connection)?;
                let postmaster = meter::parent(own.process.try_into()?).context("PostgreSQL is on another machine")?;
                Ok(Self::Postgres(connection, postmaster))
            }
            DatabaseUrl::Sqlite(path) => {
                let mut connection = SqliteConnection::establish(&path.to_string_lossy())?;
                diesel::sql_query("PRAGMA busy_timeout = 10000").execute(&mut connection)?;
                Ok(Self::Sqlite(connection))
            }
        }
    }

    /// The process whose children work for the database.
    pub(crate) const fn postmaster(&self) -> Option<u32> {
        match self {
            Self::Postgres(_, postmaster) => Some(*postmaster),
            Self::Sqlite(_) => None,
        }
    }

    /// Runs a statement, and tells how many rows it changed.
    pub(crate) fn execute(&mut self, statement: &str) -> anyhow::Result<usize> {
        let changed = match self {
            Self::Postgres(connection, _) => diesel::sql_query(statement).execute(connection),
            Self::Sqlite(connection) => diesel::sql_query(statement).execute(connection),
        };
        changed.with_context(|| statement.chars().take(200).collect::<String>())
    }

    /// The number that a statement asks for under this name.
    pub(crate) fn number(&mut self, statement: &str) -> anyhow::Result<i64> {
        let found: Number = match self {
            Self::Postgres(connection, _) => diesel::sql_query(statement).get_result(connection)?,
            Self::Sqlite(connection) => diesel::sql_query(statement).get_result(connection)?,
        };
        Ok(found.number)
    }

    /// The text that a statement asks for under this name.
    pub(crate) fn text(&mut self, statement: &str) -> anyhow::Result<String> {
        let found: Words = match self {
            Self::Postgres(connection, _) => diesel::sql_query(statement).get_result(connection)?,
            Self::Sqlite(connection) => diesel::sql_query(statement).get_result(connection)?,
        };
        Ok(found.text)
    }

    /// The longest run of products of a store whose ids follow one another.
    pub(crate) fn shelf(&mut self, store_id: i64) -> anyhow::Result<Shelf> {
        self.longest_run(&format!(
            "products WHERE store_id = {store_id} AND status = 'active' AND archived_at IS NULL AND sale_price > 0"
        ))
    }

    /// Lets the longest run of orders that can be packed wait for it, or that were packed; at most so many: the first, and how many.
    pub(crate) fn orders_to_pack(&mut self, store_id: i64, most: i64) -> anyhow::Result<(i64, i64)> {
        let run = self.longest_run(&format!(
            "orders WHERE store_id = {store_id} AND status IN ('preparing', 'ready_for_delivery') \
             AND payment_status = 'pending' AND courier_id IS NULL"
        ))?;
        let count = run.count.min(most);
        let last = run.first + count - 1;
        self.execute(&format!(
            "UPDATE orders SET status = 'preparing' WHERE store_id = {store_id} AND id BETWEEN {} AND {last} \
             AND status <> 'preparing'",
            run.first
        ))?;
        Ok((run.first, count))
    }

    /// Lets the longest run of orders that can be paid online wait for a provider, their attempts over; at most so many: the first, and how many.
    pub(crate) fn orders_to_pay(&mut self, store_id: i64, most: i64) -> anyhow::Result<(i64, i64)> {
        let changes = [
            (
                "provider_transactions SET state = 'cancelled', cancel_time = 1",
                "state = 'open'",
            ),
            ("payments SET status = 'failed'", "status = 'processing'"),
            ("orders SET payment_status = 'unpaid'", "payment_status = 'pending'"),
        ];
        let orders =
            format!("orders WHERE store_id = {store_id} AND status = 'awaiting_payment' AND payment_method = 'online'");
        self.put_back(store_id, &orders, changes, most)
    }

    /// As [`orders_to_pay`](Self::orders_to_pay), of those whose one transaction this provider opened or confirmed: it is open.
    pub(crate) fn orders_to_confirm(&mut self, store_id: i64, provider: &str, most: i64) -> anyhow::Result<(i64, i64)> {
        let changes = [
            (
                "provider_transactions SET state = 'open', perform_time = 0",
                "state = 'performed'",
            ),
            (
                "payments SET status = 'processing', completed_at = NULL",
                "status = 'success'",
            ),
            (
                "orders SET status = 'awaiting_payment', payment_status = 'pending', paid_at = NULL",
                "status = 'paid'",
            ),
        ];
        let orders = format!(
            "orders WHERE store_id = {store_id} AND status IN ('awaiting_payment', 'paid') AND id IN (SELECT order_id \
             FROM provider_transactions GROUP BY order_id HAVING COUNT(*) = 1 AND MIN(provider) = '{provider}' \
             AND MIN(state) IN ('open', 'performed')) \
             AND id IN (SELECT order_id FROM payments GROUP BY order_id HAVING COUNT(*) = 1)"
        );
        self.put_back(store_id, &orders, changes, most)
    }

    /// Puts the longest run of these orders, their payments and transactions back to where they are to begin, and leaves no dead rows of that for
    /// whoever is measured.
    fn put_back(
        &mut self,
        store_id: i64,
        orders: &str,
        changes: [(&str, &str); 3],
        most: i64,
    ) -> anyhow::Result<(i64, i64)> {
        let run = self.longest_run(orders)?;
        let count = run.count.min(most);
        let (first, last) = (run.first, run.first + count - 1);
        for (change, moved) in changes {
            let table = change.split(' ').next().context("a table")?;
            let order = if table == "orders" { "id" } else { "order_id" };
            self.execute(&format!(
                "UPDATE {change} WHERE store_id = {store_id} AND {order} BETWEEN {first} AND {last} AND {moved}"
            ))?;
            self.execute(&format!("VACUUM {table}"))?;
        }
        Ok((first, count))
    }

    fn longest_run(&mut self, rows: &str) -> anyhow::Result<Shelf> {
        let statement = format!(
            "SELECT MIN(id) AS first, COUNT(*) AS count, CAST(1 AS BIGINT) AS step \
             FROM (SELECT id, id - row_number() OVER (ORDER BY id) AS island FROM {rows}) AS numbered \
             GROUP BY island ORDER BY 2 DESC, 1 LIMIT 1"
        );
        Ok(match self {
            Self::Postgres(connection, _) => diesel::sql_query(statement).get_result(connection)?,
            Self::Sqlite(connection) => diesel::sql_query(statement).get_result(connection)?,
        })
    }

    /// Who staff with this name is.
    pub(crate) fn staff(&mut self, name: &str) -> anyhow::Result<Account> {
        let found = self.accounts(&format!(
            "SELECT id, username AS name FROM users WHERE username_key = '{name}'"
        ))?;
        found
            .into_iter()
            .next()
            .with_context(|| format!("the demo has no {name}"))
    }

    /// As what a user works.
    pub(crate) fn worker(&mut self, user_id: i64) -> anyhow::Result<i64> {
        self.number(&format!("SELECT id AS number FROM workers WHERE user_id = {user_id}"))
    }

    /// The last session of a user.
    pub(crate) fn session(&mut self, user_id: i64) -> anyhow::Result<i64> {
        self.number(&format!(
            "SELECT MAX(id) AS number FROM sessions WHERE user_id = {user_id}"
        ))
    }

    /// How many products of a store customers are shown.
    pub(crate) fn offered(&mut self, store_id: i64) -> anyhow::Result<i64> {
        self.number(&format!("SELECT COUNT(*) AS number FROM {}", listed(store_id)))
    }

    /// Products of a store that customers may order, spread evenly over all of them: so many from the start, after so many others.
    pub(crate) fn goods(&mut self, store_id: i64, count: usize) -> anyhow::Result<Vec<Goods>> {
        let offered = format!("{} AND NOT needs_prescription", listed(store_id));
        let all = self.number(&format!("SELECT COUNT(*) AS number FROM {offered}"))?;
        let step = (all / i64::try_from(count)?).max(1);
        let statement = format!(
            "SELECT id, price FROM (SELECT id, sale_price AS price, row_number() OVER (ORDER BY id) AS place FROM {offered}) AS all_of_them \
             WHERE place % {step} = 0 ORDER BY id LIMIT {count}"
        );
        let goods: Vec<Goods> = match self {
            Self::Postgres(connection, _) => diesel::sql_query(statement).load(connection)?,
            Self::Sqlite(connection) => diesel::sql_query(statement).load(connection)?,
        };
        if goods.len() < 6 {
            bail!("the demo has too few products that can be ordered: fill it with --products");
        }
        Ok(goods)
    }

    /// Customers of the large demo.
    pub(crate) fn buyers(&mut self, count: usize) -> anyhow::Result<Vec<Account>> {
        self.accounts(&format!(
            "SELECT id, phone AS name FROM users WHERE kind = 'customer' AND phone LIKE '+998908%' AND is_active \
             ORDER BY id LIMIT {count}"
        ))
    }

    /// The branch of a store where most sellers work.
    pub(crate) fn counter(&mut self, store_id: i64) -> anyhow::Result<i64> {
        self.number(&format!(
            "SELECT branch_id AS number FROM workers WHERE store_id = {store_id} AND branch_id IS NOT NULL \
             AND role = 'seller' AND status = 'active' GROUP BY branch_id ORDER BY COUNT(*) DESC, branch_id LIMIT 1"
        ))
        .context("nobody sells")
    }

    /// Who sells at a branch.
    pub(crate) fn sellers(&mut self, branch_id: i64, count: usize) -> anyhow::Result<Vec<Account>> {
        self.accounts(&format!(
            "SELECT users.id, users.username AS name FROM users JOIN workers ON workers.user_id = users.id \
             WHERE workers.branch_id = {branch_id} AND workers.role = 'seller' AND workers.status = 'active' \
             ORDER BY users.id LIMIT {count}"
        ))
    }

    /// Customers among these with at least so many orders.
    pub(crate) fn readers(&mut self, orders: usize) -> anyhow::Result<Vec<Account>> {
        self.accounts(&format!(
            "SELECT users.id, users.phone AS name FROM users JOIN (SELECT buyer_id FROM orders GROUP BY buyer_id \
             HAVING COUNT(*) >= {orders}) AS busy ON busy.buyer_id = users.id WHERE users.phone LIKE '+998908%' ORDER BY users.id"
        ))
    }

    fn accounts(&mut self, statement: &str) -> anyhow::Result<Vec<Account>> {
        Ok(match self {
            Self::Postgres(connection, _) => diesel::sql_query(statement).load(connection)?,
            Self::Sqlite(connection) => diesel::sql_query(statement).load(connection)?,
        })
    }

    /// Empties the carts of these users, and puts one piece of each of these products into them.
    pub(crate) fn fill_carts(&mut self, store_id: i64, carts: &[(i64, Vec<Goods>)]) -> anyhow::Result<()> {
        let now = SystemClock.now().naive_utc().format("%Y-%m-%d %H:%M:%S%.6f");
        let now = match self {
            Self::Postgres(..) => format!("TIMESTAMP '{now}'"),
            Self::Sqlite(_) => format!("'{now}'"),
        };
        for carts in carts.chunks(ROWS) {
            let users = list(carts.iter().map(|(user_id, _)| user_id.to_string()));
            let held = if carts.iter().all(|(_, goods)| goods.is_empty()) {
                "NULL".to_owned()
            } else {
                store_id.to_string()
            };
            self.execute(&format!(
                "INSERT INTO carts (user_id, updated_at) SELECT id, {now} FROM users WHERE id IN ({users}) \
                 ON CONFLICT (user_id) DO NOTHING"
            ))?;
            self.execute(&format!(
                "DELETE FROM cart_lines WHERE cart_id IN (SELECT id FROM carts WHERE user_id IN ({users}))"
            ))?;
            self.execute(&format!(
                "UPDATE carts SET store_id = {held} WHERE user_id IN ({users})"
            ))?;
            let lines: Vec<String> = carts
                .iter()
                .flat_map(|(user_id, goods)| {
                    goods
                        .iter()
                        .map(move |one| format!("({user_id}, {}, {})", one.id, one.price))
                })
                .collect();
            for lines in lines.chunks(ROWS) {
                self.execute(&format!(
                    "WITH wanted (user_id, product_id, price) AS (VALUES {}) \
                     INSERT INTO cart_lines (cart_id, store_id, product_id, quantity, price_at_add, is_saved, created_at) \
                     SELECT carts.id, {store_id}, wanted.product_id, 1, wanted.price, FALSE, {now} \
                     FROM wanted JOIN carts ON carts.user_id = wanted.user_id",
                    list(lines.iter().cloned())
                ))?;
            }
        }
        Ok(())
    }

    /// What a database does by itself once it is quiet, before anything is measured.
    pub(crate) fn settle(&mut self) -> anyhow::Result<()> {
        match self {
            Self::Postgres(..) => {
                self.execute("VACUUM ANALYZE")?;
                self.execute("CHECKPOINT")?;
            }
            // It analyses nothing by itself: the demo has done it, or nobody.
            Self::Sqlite(_) => {
                self.execute("PRAGMA wal_checkpoint(TRUNCATE)")?;
            }
        }
        Ok(())
    }
}

/// The products of a store that customers are shown.
fn listed(store_id: i64) -> String {
    format!(
        "products WHERE store_id = {store_id} AND is_online AND status = 'active' AND archived_at IS NULL AND sale_price > 0"
    )
}

fn list(words: impl Iterator<Item = String>) -> String {
    words.collect::<Vec<_>>().join(", ")
}
