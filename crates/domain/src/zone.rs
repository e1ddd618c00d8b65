//! The store's clock face: which day an instant falls on, and how it is written.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, NaiveDateTime, SecondsFormat, SubsecRound, TimeZone, Utc};
use chrono_tz::Tz;

/// A store's time zone. A "day" of the trade is a day of this zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Zone(Tz);

/// A name that is not an IANA time zone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no IANA time zone")]
pub struct UnknownZone(String);

impl Zone {
    /// The zone of Uzbekistan, where a store lies unless it says otherwise.
    pub const TASHKENT: Self = Self(chrono_tz::Asia::Tashkent);

    /// The zone where each day begins first.
    pub const FIRST: Self = Self(chrono_tz::Pacific::Kiritimati);

    /// Reads an IANA name such as `Asia/Tashkent`.
    ///
    /// # Errors
    /// A name that is not in the database of time zones.
    pub fn parse(name: &str) -> Result<Self, UnknownZone> {
        Tz::from_str(name).map(Self).map_err(|_| UnknownZone(name.to_owned()))
    }

    /// The IANA name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// The day that `instant` falls on here.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is where the store's day is made")]
    pub fn day(self, instant: DateTime<Utc>) -> NaiveDate {
        instant.with_timezone(&self.0).date_naive()
    }

    /// The first instant of `day` here; where the clock skips midnight, the first instant that exists.
    #[must_use]
    pub fn start_of(self, day: NaiveDate) -> DateTime<Utc> {
        let midnight = day.and_time(chrono::NaiveTime::MIN);
        self.0
            .from_local_datetime(&midnight)
            .earliest()
            .map_or_else(|| midnight.and_utc(), |local| local.with_timezone(&Utc))
    }

    /// RFC 3339 with this zone's offset and whole seconds: `2026-03-12T10:43:07+05:00`.
    #[must_use]
    pub fn write(self, instant: DateTime<Utc>) -> String {
        instant
            .with_timezone(&self.0)
            .to_rfc3339_opts(SecondsFormat::Secs, false)
    }

    /// As it is written on paper: `12.03.2026 10:43`.
    #[must_use]
    pub fn print(self, instant: DateTime<Utc>) -> String {
        instant.with_timezone(&self.0).format("%d.%m.%Y %H:%M").to_string()
    }
}

/// A moment as a client writes it: with an offset, or by the clock of the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Whatever clock it was read from.
    Anywhere(DateTime<Utc>),
    /// What the clock of the store showed.
    Local(NaiveDateTime),
}

impl Moment {
    /// Reads RFC 3339, with an offset or without one.
    ///
    /// # Errors
    /// [`UnknownMoment`].
    pub fn parse(text: &str) -> Result<Self, UnknownMoment> {
        if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
            return Ok(Self::Anywhere(instant.to_utc()));
        }
        let local = text.parse().map_err(|_| UnknownMoment(text.to_owned()))?;
        Ok(Self::Local(local))
    }

    /// The instant, in whole microseconds; of a time that the clock of `zone` shows twice the first, of one that it skips the
    /// same time in UTC.
    #[must_use]
    pub fn of(self, zone: Zone) -> DateTime<Utc> {
        let instant = match self {
            Self::Anywhere(instant) => instant,
            Self::Local(local) => zone
                .0
                .from_local_datetime(&local)
                .earliest()
                .map_or_else(|| local.and_utc(), |local| local.with_timezone(&Utc)),
        };
        instant.trunc_subsecs(6)
    }
}

/// A text that is no moment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no moment")]
pub struct UnknownMoment(String);

impl Default for Zone {
    fn default() -> Self {
        Self::TASHKENT
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use chrono::{NaiveDate, TimeZone, Utc};

    use super::{Moment, Zone};

    #[test]
    fn the_day_turns_at_the_stores_midnight() {
        let before = Utc.with_ymd_and_hms(2026, 3, 11, 18, 59, 59).unwrap();
        let after = Utc.with_ymd_and_hms(2026, 3, 11, 19, 0, 0).unwrap();

        assert_eq!(
            Zone::TASHKENT.day(before),
            NaiveDate::from_ymd_opt(2026, 3, 11).unwrap()
        );
        assert_eq!(Zone::TASHKENT.day(after), NaiveDate::from_ymd_opt(2026, 3, 12).unwrap());
        assert_eq!(
            Zone::TASHKENT.start_of(NaiveDate::from_ymd_opt(2026, 3, 12).unwrap()),
            after
        );
    }

    #[test]
    fn an_instant_is_written_with_the_offset_and_whole_seconds() {
        let instant = Utc.with_ymd_and_hms(2026, 3, 12, 5, 43, 7).unwrap();

        assert_eq!(Zone::TASHKENT.write(instant), "2026-03-12T10:43:07+05:00");
        assert_eq!(Zone::TASHKENT.print(instant), "12.03.2026 10:43");
    }

    #[test]
    fn a_moment_without_an_offset_is_read_off_the_stores_clock() {
        let told = |text: &str| Moment::parse(text).map(|moment| moment.of(Zone::TASHKENT));
        let expected = Utc.with_ymd_and_hms(2026, 3, 12, 5, 43, 7).unwrap();

        for text in [
            "2026-03-12T10:43:07+05:00",
            "2026-03-12T05:43:07Z",
            "2026-03-12T05:43:07.0000004Z",
            "2026-03-12T10:43:07",
        ] {
            assert_eq!(told(text), Ok(expected), "{text}");
        }
        for text in [
            "",
            "2026-03-12",
            "10:43",
            "1773294187",
            "2026-03-12T25:00:00Z",
            "2026-02-30T10:00:00",
        ] {
            assert!(told(text).is_err(), "{text}");
        }
    }

    #[test]
    fn only_iana_names_are_zones() {
        assert!(Zone::parse("Asia/Samarkand").is_ok());
        assert!(Zone::parse("Mars/Olympus").is_err());
    }
}
