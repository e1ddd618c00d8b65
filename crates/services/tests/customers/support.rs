//! Customers of a test, who come by the code that their phone gets.

use savdo_domain::access::Origin;
use savdo_domain::account::{CodePurpose, Language};
use savdo_services::Result;
use savdo_services::accounts::{self, Door, Login, RegisterCustomer, ResetByCode, SignedIn};
use savdo_services::testing::{Mailbox, World, origin};

pub(crate) const PHONE: &str = "+998901112233";
pub(crate) const OTHER_PHONE: &str = "+998904445566";
pub(crate) const FIRST: &str = "tong-otguncha-7";
pub(crate) const SECOND: &str = "kech-kirguncha-8";

/// A world and the phones in it.
pub(crate) struct Phones {
    pub(crate) world: World,
    pub(crate) mailbox: Mailbox,
}

impl Phones {
    pub(crate) fn of(world: World) -> Self {
        let mailbox = Mailbox::default();
        Self { world, mailbox }
    }

    /// Registers, as `Aziza Karimova`.
    pub(crate) fn register(&self, phone: &str, password: &str) -> Result<()> {
        self.register_as(phone, password, "Aziza")
    }

    pub(crate) fn register_as(&self, phone: &str, password: &str, first_name: &str) -> Result<()> {
        let command = RegisterCustomer {
            phone: phone.to_owned(),
            password: password.to_owned(),
            first_name: first_name.to_owned(),
            last_name: "Karimova".to_owned(),
        };
        accounts::register_customer(&self.world.context, &origin(), Language::Uzbek, command)
    }

    pub(crate) fn resend(&self, phone: &str, purpose: CodePurpose) -> Result<()> {
        accounts::resend_code(&self.world.context, &origin(), Language::Uzbek, phone, purpose)
    }

    pub(crate) fn forgot(&self, phone: &str) -> Result<()> {
        self.resend(phone, CodePurpose::PasswordReset)
    }

    pub(crate) fn verify(&self, phone: &str, code: &str) -> Result<SignedIn> {
        accounts::verify_phone(&self.world.context, &origin(), phone, code)
    }

    pub(crate) fn reset(&self, phone: &str, code: &str, new_password: &str) -> Result<()> {
        let command = ResetByCode {
            phone: phone.to_owned(),
            code: code.to_owned(),
            new_password: new_password.to_owned(),
        };
        accounts::reset_by_code(&self.world.context, &origin(), &command)
    }

    pub(crate) fn login(&self, name: &str, password: &str, door: Door) -> Result<SignedIn> {
        let command = Login {
            name: name.to_owned(),
            password: password.to_owned(),
            door,
        };
        accounts::login(&self.world.context, &origin(), command)
    }

    /// A customer who registered and proved his phone.
    pub(crate) fn proven(&self, phone: &str) -> SignedIn {
        self.register(phone, FIRST).unwrap();
        self.verify(phone, &self.code()).unwrap()
    }

    /// What the phones got by now: `+998901112233: text`.
    pub(crate) fn texts(&self) -> Vec<String> {
        self.world.runner(&self.mailbox).send_due(|| false).unwrap();
        let texts = self.mailbox.texts().into_iter();
        texts.map(|sms| format!("{}: {}", sms.to, sms.text)).collect()
    }

    /// The code of the last message.
    pub(crate) fn code(&self) -> String {
        let text = self.texts().pop().unwrap();
        let (_, text) = text.split_once(": ").unwrap();
        let code: String = text.chars().filter(char::is_ascii_digit).collect();
        assert_eq!(code.len(), 4, "{text}");
        code
    }

    /// The time moves on, as long as a phone waits for another code.
    pub(crate) fn a_minute_later(&self) {
        self.world.clock.advance(chrono::TimeDelta::seconds(60));
    }

    /// Statements, hashings, and whether anything was committed.
    pub(crate) fn cost<T>(&self, work: impl FnOnce() -> T) -> (u64, u64) {
        let counted = || (self.world.database.probe().statements(), self.world.context.hashings());
        let before = counted();
        work();
        let after = counted();
        (after.0 - before.0, after.1 - before.1)
    }

    /// Somebody else of the same world, at another address.
    pub(crate) fn elsewhere(number: usize) -> Origin {
        Origin {
            ip: format!("10.0.0.{number}"),
            ..origin()
        }
    }
}

/// A code that is not this one.
pub(crate) fn other_than(code: &str) -> String {
    let number: u32 = code.parse().unwrap();
    format!("{:04}", (number + 1) % 10_000)
}
