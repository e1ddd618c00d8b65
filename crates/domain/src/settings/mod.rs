//! The settings of a store.
//!
//! Every key is kept and answered from the beginning; a group takes effect with the part of the trade it belongs to. What
//! [`StoreSettings::apply`] let through is always whole: some way of paying is left, and what is switched on has what it
//! needs. Lengths of texts are the body's to check.

mod keys;
mod ofd_token;

use std::fmt;

use crate::access::{AccessRefusal, Module};
use crate::fields::{FieldErrors, FieldProblem};
use crate::ids::LocationId;
use crate::percent::Percent;
use crate::stock::LowStock;

pub use keys::{Currency, SettingsPatch, StoreSettings};
pub use ofd_token::OfdToken;

impl StoreSettings {
    /// The settings after a change. `active_branches` are those of the store.
    ///
    /// An empty text in a key that may be null is null. The masked form of the present token leaves the token as it is.
    ///
    /// # Errors
    /// Problems at every key out of its range; at `telegram_chat_id` when it is needed and missing; at `online_location`
    /// when it is no active branch; at `online_enabled` when it is switched on without any; across fields when neither cash
    /// nor card is left.
    pub fn apply(&self, patch: SettingsPatch, active_branches: &[LocationId]) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::new();
        if patch.online_enabled == Some(true) && active_branches.is_empty() {
            errors.add("online_enabled", FieldProblem::NoActiveBranch);
        }
        if let Some(Some(branch)) = &patch.online_location
            && !active_branches.contains(branch)
        {
            errors.add("online_location", FieldProblem::UnknownObject);
        }

        let mut next = self.with(patch);
        next.telegram_chat_id = next.telegram_chat_id.filter(|chat| !chat.is_empty());
        next.ofd_device_id = next.ofd_device_id.filter(|device| !device.is_empty());
        next.ofd_token = match next.ofd_token {
            Some(token) if Some(token.secret()) == self.masked_ofd_token().as_deref() => self.ofd_token.clone(),
            token => token.filter(|token| !token.secret().is_empty()),
        };

        next.check(&mut errors);
        errors.into_result().map(|()| next)
    }

    /// The token as it may be shown; `None` without one.
    #[must_use]
    pub fn masked_ofd_token(&self) -> Option<String> {
        self.ofd_token.as_ref().map(OfdToken::masked)
    }

    /// Judges whether the store uses a part of the trade, so that something may be written there.
    ///
    /// # Errors
    /// [`AccessRefusal::ModuleDisabled`].
    pub const fn check_module(&self, module: Module) -> Result<(), AccessRefusal> {
        let is_used = match module {
            Module::Shift => self.shift_enabled,
            Module::SaleReturn => self.sale_return_enabled,
        };
        if is_used {
            Ok(())
        } else {
            Err(AccessRefusal::ModuleDisabled { module })
        }
    }

    /// When the store's goods run low.
    #[must_use]
    pub fn low_stock(&self) -> LowStock {
        LowStock::new(self.low_stock_enabled, self.low_stock_threshold)
    }

    fn check(&self, errors: &mut FieldErrors) {
        errors.keep(
            "max_discount_percent",
            within(self.max_discount_percent, Percent::ZERO, Percent::HUNDRED),
        );
        errors.keep("low_stock_threshold", within(self.low_stock_threshold, 0, 1_000_000));
        errors.keep("shifts_per_day", within(self.shifts_per_day, 1, 3));
        errors.keep("tax_percent", within(self.tax_percent, Percent::ZERO, Percent::HUNDRED));
        errors.keep("payment_minutes", within(self.payment_minutes, 10, 1_440));
        errors.keep("prescription_hours", within(self.prescription_hours, 1, 336));
        if self.telegram_enabled && self.telegram_chat_id.is_none() {
            errors.add("telegram_chat_id", FieldProblem::RequiredWhenEnabled);
        }
        if !self.allow_cash && !self.allow_card {
            errors.add(FieldErrors::NON_FIELD, FieldProblem::NoPaymentLeft);
        }
    }
}

impl SettingsPatch {
    /// Whether no key was sent.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

fn within<T: PartialOrd + fmt::Display>(value: T, min: T, max: T) -> Result<T, FieldProblem> {
    if value < min || value > max {
        return Err(FieldProblem::OutOfRange {
            min: min.to_string(),
            max: max.to_string(),
        });
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::{Currency, OfdToken, SettingsPatch, StoreSettings};
    use crate::fields::{FieldErrors, FieldProblem};
    use crate::ids::LocationId;
    use crate::percent::Percent;

    const BRANCH: LocationId = LocationId::new(4);

    fn apply(settings: &StoreSettings, patch: SettingsPatch) -> Result<StoreSettings, FieldErrors> {
        settings.apply(patch, &[BRANCH])
    }

    fn with_token(token: &str) -> StoreSettings {
        StoreSettings {
            ofd_token: Some(OfdToken::new(token)),
            ..StoreSettings::default()
        }
    }

    fn sent_token(token: &str) -> SettingsPatch {
        SettingsPatch {
            ofd_token: Some(Some(OfdToken::new(token))),
            ..SettingsPatch::default()
        }
    }

    #[test]
    fn the_defaults_may_be_saved_as_they_are() {
        let defaults = StoreSettings::default();

        assert!(SettingsPatch::default().is_empty());
        assert_eq!(apply(&defaults, SettingsPatch::default()), Ok(defaults));
    }

    #[test]
    fn only_the_keys_sent_change() {
        let patch = SettingsPatch {
            allow_cash: Some(false),
            default_currency: Some(Currency::Usd),
            max_discount_percent: Some(Percent::from_hundredths(1_050)),
            ofd_device_id: Some(Some("D-1".to_owned())),
            online_enabled: Some(true),
            online_location: Some(Some(BRANCH)),
            ..SettingsPatch::default()
        };
        assert!(!patch.is_empty());

        let changed = apply(&StoreSettings::default(), patch);

        let expected = StoreSettings {
            allow_cash: false,
            default_currency: Currency::Usd,
            max_discount_percent: Percent::from_hundredths(1_050),
            ofd_device_id: Some("D-1".to_owned()),
            online_enabled: true,
            online_location: Some(BRANCH),
            ..StoreSettings::default()
        };
        assert_eq!(changed, Ok(expected));
    }

    #[test]
    fn some_way_of_paying_is_left() {
        let card_only = StoreSettings {
            allow_cash: false,
            ..StoreSettings::default()
        };

        let refused = apply(
            &card_only,
            SettingsPatch {
                allow_card: Some(false),
                ..SettingsPatch::default()
            },
        );

        assert_eq!(refused, Err(FieldErrors::across(FieldProblem::NoPaymentLeft)));
    }

    #[test]
    fn telegram_needs_a_chat() {
        let enabled = SettingsPatch {
            telegram_enabled: Some(true),
            ..SettingsPatch::default()
        };
        let blank = SettingsPatch {
            telegram_chat_id: Some(Some(String::new())),
            ..enabled.clone()
        };
        let chat = SettingsPatch {
            telegram_chat_id: Some(Some("-100".to_owned())),
            ..enabled.clone()
        };
        let missing = Err(FieldErrors::one("telegram_chat_id", FieldProblem::RequiredWhenEnabled));

        assert_eq!(apply(&StoreSettings::default(), enabled), missing);
        assert_eq!(apply(&StoreSettings::default(), blank), missing);
        let saved = apply(&StoreSettings::default(), chat).unwrap();
        let emptied = SettingsPatch {
            telegram_chat_id: Some(None),
            ..SettingsPatch::default()
        };
        assert_eq!(apply(&saved, emptied), missing);
    }

    #[test]
    fn the_online_channel_needs_an_active_branch() {
        let enabled = SettingsPatch {
            online_enabled: Some(true),
            ..SettingsPatch::default()
        };
        let foreign = SettingsPatch {
            online_location: Some(Some(LocationId::new(5))),
            ..SettingsPatch::default()
        };

        let without = StoreSettings::default().apply(enabled, &[]);

        assert_eq!(
            without,
            Err(FieldErrors::one("online_enabled", FieldProblem::NoActiveBranch))
        );
        let unknown = FieldErrors::one("online_location", FieldProblem::UnknownObject);
        assert_eq!(apply(&StoreSettings::default(), foreign), Err(unknown));
    }

    #[test]
    fn a_store_online_whose_last_branch_closed_still_saves_other_keys() {
        let online = StoreSettings {
            online_enabled: true,
            ..StoreSettings::default()
        };
        let patch = SettingsPatch {
            tax_enabled: Some(true),
            ..SettingsPatch::default()
        };

        let saved = online.apply(patch, &[]);

        assert_eq!(
            saved,
            Ok(StoreSettings {
                tax_enabled: true,
                ..online
            })
        );
    }

    #[test]
    fn every_number_out_of_its_range_is_named_at_once() {
        let above = Percent::from_hundredths(10_001);
        let patch = SettingsPatch {
            max_discount_percent: Some(above),
            low_stock_threshold: Some(1_000_001),
            shifts_per_day: Some(0),
            tax_percent: Some(Percent::from_hundredths(-1)),
            payment_minutes: Some(9),
            prescription_hours: Some(337),
            ..SettingsPatch::default()
        };

        let errors = apply(&StoreSettings::default(), patch).unwrap_err();

        let mut expected = FieldErrors::new();
        for (key, min, max) in [
            ("max_discount_percent", "0.00", "100.00"),
            ("low_stock_threshold", "0", "1000000"),
            ("shifts_per_day", "1", "3"),
            ("tax_percent", "0.00", "100.00"),
            ("payment_minutes", "10", "1440"),
            ("prescription_hours", "1", "336"),
        ] {
            expected.add(
                key,
                FieldProblem::OutOfRange {
                    min: min.to_owned(),
                    max: max.to_owned(),
                },
            );
        }
        assert_eq!(errors, expected);
    }

    #[test]
    fn the_masked_token_sent_back_changes_nothing() {
        let settings = with_token("sirli-token-9876");

        assert_eq!(settings.masked_ofd_token(), Some("***9876".to_owned()));
        assert_eq!(apply(&settings, sent_token("***9876")), Ok(settings.clone()));
        assert_eq!(apply(&settings, sent_token("new")), Ok(with_token("new")));
        assert_eq!(apply(&settings, sent_token("")), Ok(StoreSettings::default()));
        let emptied = SettingsPatch {
            ofd_token: Some(None),
            ..SettingsPatch::default()
        };
        assert_eq!(apply(&settings, emptied), Ok(StoreSettings::default()));
    }
}
