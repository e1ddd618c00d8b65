//! Cursors: the place of a page, as a text that a client carries from one request to the next.
//!
//! A cursor is sealed together with the list that it belongs to, its filters and its order, so that one that was changed, made
//! up or taken from another list is known for what it is. It holds no secret: what it says stands in the rows beside it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Datelike, NaiveDate};
use savdo_persistence::paging::{Key, Position, Side};
use serde::{Deserialize, Serialize};

use crate::Context;

impl Context {
    /// The cursor of a place in `list`, which names all that the list is narrowed to and sorted by.
    #[must_use]
    pub fn write_cursor(&self, list: &str, position: &Position) -> String {
        // A position is numbers, texts, days and times: there is always JSON of it.
        let position = serde_json::to_string(&Place::from(position)).unwrap_or_default();
        let seal = self.seal_of_cursor(&sealed(list, &position));
        URL_SAFE_NO_PAD.encode(format!("{seal} {position}"))
    }

    /// The place that a cursor of `list` names; `None` for any other text.
    #[must_use]
    pub fn read_cursor(&self, list: &str, cursor: &str) -> Option<Position> {
        let decoded = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
        let (seal, position) = decoded.split_once(' ')?;
        let is_ours = seal == self.seal_of_cursor(&sealed(list, position));
        let place: Place = serde_json::from_str(position).ok().filter(|_| is_ours)?;
        place.into_position()
    }
}

/// A position as a cursor writes it.
#[derive(Serialize, Deserialize)]
struct Place {
    side: PlaceSide,
    keys: Vec<PlaceKey>,
}

#[derive(Serialize, Deserialize)]
enum PlaceSide {
    After,
    Before,
}

/// A day is the number of its days since the year 1, a time that of its microseconds, all that a database keeps of it.
#[derive(Serialize, Deserialize)]
enum PlaceKey {
    Number(i64),
    Text(String),
    Day(i32),
    Time(i64),
}

impl From<&Position> for Place {
    fn from(position: &Position) -> Self {
        let key = |key: &Key| match key {
            Key::Number(number) => PlaceKey::Number(*number),
            Key::Text(text) => PlaceKey::Text(text.clone()),
            Key::Day(day) => PlaceKey::Day(day.num_days_from_ce()),
            Key::Time(time) => PlaceKey::Time(time.and_utc().timestamp_micros()),
        };
        Self {
            side: match position.side {
                Side::After => PlaceSide::After,
                Side::Before => PlaceSide::Before,
            },
            keys: position.keys.iter().map(key).collect(),
        }
    }
}

impl Place {
    /// `None` where a number is no time.
    fn into_position(self) -> Option<Position> {
        let key = |key| match key {
            PlaceKey::Number(number) => Some(Key::Number(number)),
            PlaceKey::Text(text) => Some(Key::Text(text)),
            PlaceKey::Day(days) => Some(Key::Day(NaiveDate::from_num_days_from_ce_opt(days)?)),
            PlaceKey::Time(time) => Some(Key::Time(DateTime::from_timestamp_micros(time)?.naive_utc())),
        };
        Some(Position {
            side: match self.side {
                PlaceSide::After => Side::After,
                PlaceSide::Before => Side::Before,
            },
            keys: self.keys.into_iter().map(key).collect::<Option<_>>()?,
        })
    }
}

fn sealed(list: &str, position: &str) -> Vec<u8> {
    format!("{list}\n{position}").into_bytes()
}

#[cfg(test)]
mod tests {
    use savdo_persistence::on_both;
    use savdo_persistence::paging::{Key, Position, Side};

    use crate::testing::World;

    on_both! {
        fn a_cursor_is_read_by_the_list_that_wrote_it_and_by_no_other(database: TestDatabase) {
            let context = World::on(database).context;
            let time = "2026-03-12T05:00:00.123456".parse().unwrap();
            let day = "2026-03-12".parse().unwrap();
            let keys = vec![Key::Text("un \n \u{1}".to_owned()), Key::Number(i64::MIN), Key::Day(day), Key::Time(time)];
            let position = Position { side: Side::Before, keys };

            let cursor = context.write_cursor("/sales?status=all", &position);

            assert_eq!(context.read_cursor("/sales?status=all", &cursor), Some(position));
            assert_eq!(context.read_cursor("/sales?", &cursor), None);
            let without_its_first: String = cursor.chars().skip(1).collect();
            assert_eq!(context.read_cursor("/sales?status=all", &without_its_first), None);
            for place in 0..cursor.len() {
                let mut changed = cursor.clone().into_bytes();
                changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
                let changed = String::from_utf8(changed).unwrap();
                assert_eq!(context.read_cursor("/sales?status=all", &changed), None, "{place}");
            }
            for other in ["", "x", "\u{1}", "AAAA", "IHt9"] {
                assert_eq!(context.read_cursor("/sales?status=all", other), None, "{other}");
            }
        }
    }
}
