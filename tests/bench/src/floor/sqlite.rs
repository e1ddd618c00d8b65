//! The floor of SQLite: one connection in this process that executes the steps of a script over and over.
//!
//! A step is a statement that is prepared once. Its parameters are the variables of their names, and what its first row holds are
//! variables from then on, as pgbench has it with `\gset`.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags};
use savdo_domain::zone::Zone;
use savdo_services::{Clock as _, SystemClock};

use crate::dice::Dice;
use crate::figures::FloorMeasured;
use crate::flow::Flow;
use crate::meter::{Meter, Spent};
use crate::stage::{Method, Person, Stage};

const CHECKOUT: &str = include_str!("../../floor/sqlite/checkout.sql");
const SALE: &str = include_str!("../../floor/sqlite/sale.sql");

/// The connection, and what all scripts are told.
pub(crate) struct Loop {
    connection: Connection,
    variables: Variables,
    /// What nobody did before, in this run or in another.
    keys: Dice,
}

/// A turn that everything is ready for: each of these people has one transaction.
pub(crate) struct Turn {
    steps: Vec<&'static str>,
    people: Vec<Vec<(&'static str, i64)>>,
}

type Variables = HashMap<String, Value>;

impl Loop {
    /// Opens the file as a server does that loses nothing.
    pub(crate) fn open(url: &str, stage: &Stage) -> anyhow::Result<Self> {
        let path = url.trim_start_matches("sqlite:").trim_start_matches("//");
        let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        connection.set_prepared_statement_cache_capacity(100);
        connection.execute_batch(
            "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 8000; \
             PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;",
        )?;
        let now = SystemClock.now();
        let texts = [
            ("now", now.naive_utc().format("%Y-%m-%d %H:%M:%S%.6f").to_string()),
            ("day", Zone::TASHKENT.day(now).to_string()),
            ("description", "Buyurtma: 258500.00 so'm".to_owned()),
            (
                "payload",
                r#"{"from":"draft","store_id":1,"to":"preparing","total_price":"258500.00"}"#.to_owned(),
            ),
            // As long as an order is in an answer.
            ("answer", r#"{"id":1,"product_name":"Ibuprofen 200 mg"},"#.repeat(43)),
        ];
        let numbers = [
            ("store", stage.store_id),
            ("branch", stage.branch_id),
            ("counter", stage.counter_id),
        ];
        let texts = texts.map(|(name, text)| (name.to_owned(), Value::Text(text)));
        let numbers = numbers.map(|(name, number)| (name.to_owned(), Value::Integer(number)));
        Ok(Self {
            connection,
            variables: texts.into_iter().chain(numbers).collect(),
            keys: Dice::new(uuid::Uuid::new_v4().as_u64_pair().0),
        })
    }

    /// A round of a flow; `None` where it has no floor here.
    pub(crate) fn round(
        &mut self,
        flow: Flow,
        stage: &mut Stage,
        meter: &Meter,
        wanted: Duration,
    ) -> anyhow::Result<Option<FloorMeasured>> {
        let mut sum = FloorMeasured::default();
        while sum.passed < wanted {
            let Some(turn) = Turn::make_ready(flow, stage)? else {
                return Ok(None);
            };
            let (before, begun) = (meter.read()?, Instant::now());
            let done = self.run(&turn, stage, usize::MAX, wanted - sum.passed)?;
            let passed = begun.elapsed();
            let spent = meter.read()?.since(&before);
            sum.add(&FloorMeasured {
                done,
                executed: done,
                passed,
                // The database works in the client here.
                spent: Spent {
                    database: spent.client,
                    ..Spent::default()
                },
            });
        }
        Ok(Some(sum))
    }

    /// Runs a turn, but no more of it than this, and tells how many transactions that were.
    pub(crate) fn run(
        &mut self,
        turn: &Turn,
        stage: &mut Stage,
        most: usize,
        at_most: Duration,
    ) -> anyhow::Result<usize> {
        let begun = Instant::now();
        let mut done = 0;
        for person in turn.people.iter().take(most) {
            if begun.elapsed() >= at_most {
                break;
            }
            self.tell(stage, person);
            self.transaction(&turn.steps)?;
            done += 1;
        }
        Ok(done)
    }

    fn tell(&mut self, stage: &mut Stage, person: &[(&'static str, i64)]) {
        let products = stage.dice.three(&stage.shelf.ids());
        let products = ["p1", "p2", "p3"].into_iter().zip(products);
        let key = ("key", self.keys.number());
        for (name, number) in products.chain([key]).chain(person.iter().copied()) {
            self.variables.insert(name.to_owned(), Value::Integer(number));
        }
    }

    fn transaction(&mut self, steps: &[&str]) -> anyhow::Result<()> {
        for step in steps {
            let mut statement = self.connection.prepare_cached(step)?;
            for place in 1..=statement.parameter_count() {
                let name = statement.parameter_name(place).context("a parameter without a name")?;
                let name = name.trim_start_matches(':').to_owned();
                let value = self
                    .variables
                    .get(&name)
                    .with_context(|| format!("nothing is called {name}"))?;
                statement.raw_bind_parameter(place, value)?;
            }
            let names: Vec<String> = statement.column_names().into_iter().map(str::to_owned).collect();
            let mut rows = statement.raw_query();
            if let Some(row) = rows.next()? {
                for (place, name) in names.into_iter().enumerate() {
                    self.variables.insert(name, row.get(place)?);
                }
            }
            while rows.next()?.is_some() {}
        }
        Ok(())
    }
}

impl Turn {
    /// A turn of a flow, with what it finds when it begins; `None` where it has no floor here.
    pub(crate) fn make_ready(flow: Flow, stage: &mut Stage) -> anyhow::Result<Option<Self>> {
        let who = |person: &Person| vec![("user", person.id), ("session", person.session)];
        Ok(match flow {
            Flow::Checkout => {
                let buyers = stage.buyers.clone();
                stage.checkouts(&buyers, Method::Cash)?;
                Some(Self {
                    steps: steps(CHECKOUT),
                    people: buyers.iter().map(who).collect(),
                })
            }
            Flow::Sale => {
                let sellers = stage.sellers.iter();
                let people = sellers.map(|seller| [who(&seller.person), vec![("worker", seller.worker_id)]].concat());
                Some(Self {
                    steps: steps(SALE),
                    people: people.collect(),
                })
            }
            _ => None,
        })
    }
}

/// The statements of a script.
fn steps(script: &str) -> Vec<&str> {
    let steps = script.split(';').map(str::trim);
    steps
        .filter(|step| step.lines().any(|line| !line.starts_with("--")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_step_finds_the_next_can_use() {
        let connection = Connection::open_in_memory().expect("a database");
        connection
            .execute_batch("CREATE TABLE a (id INTEGER PRIMARY KEY, b INTEGER)")
            .expect("a table");
        let mut floor = Loop {
            connection,
            variables: Variables::from([("b".to_owned(), Value::Integer(7))]),
            keys: Dice::new(7),
        };
        let script = "-- two steps;\nINSERT INTO a (b) VALUES (:b) RETURNING id AS first;\nINSERT INTO a (b) VALUES (:first + 10);\n";

        floor.transaction(&steps(script)).expect("both");

        let sum: i64 = floor
            .connection
            .query_row("SELECT sum(b) FROM a", [], |row| row.get(0))
            .expect("a sum");
        assert_eq!(sum, 18);
    }
}
