//! A mail server and a provider of short messages of a test: they keep what they get, and answer what they are told.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use savdo_domain::dispatch::Outcome;

use super::{ClickDouble, World};
use crate::gateways::{Gateways, Handed, Mail, MailGateway, Sms, SmsGateway};
use crate::jobs::{ResetLink, Runner, RunnerSettings};

/// What it got and what it will answer. Clones share both.
#[derive(Clone, Default)]
pub struct Mailbox(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    tried: Vec<Mail>,
    answers: VecDeque<Outcome>,
    texts: Vec<Sms>,
    answers_to_texts: VecDeque<Handed>,
    knows_repetitions: bool,
}

impl Mailbox {
    /// The next tries end so, one by one; all further letters are taken.
    pub fn will_answer(&self, answers: impl IntoIterator<Item = Outcome>) {
        self.kept().answers.extend(answers);
    }

    /// All letters that were tried, also those that it did not take.
    #[must_use]
    pub fn tried(&self) -> Vec<Mail> {
        self.kept().tried.clone()
    }

    /// The next tries of short messages end so, one by one; all further are taken.
    pub fn will_answer_texts(&self, answers: impl IntoIterator<Item = Handed>) {
        self.kept().answers_to_texts.extend(answers);
    }

    /// From now on it knows short messages again by their numbers, as some providers do.
    pub fn know_repetitions(&self) {
        self.kept().knows_repetitions = true;
    }

    /// All short messages that were tried, also those that it did not take.
    #[must_use]
    pub fn texts(&self) -> Vec<Sms> {
        self.kept().texts.clone()
    }

    /// Account and token of the link in the last letter.
    ///
    /// # Panics
    /// When no letter came.
    #[must_use]
    pub fn last_link(&self) -> (String, String) {
        let text = self.tried().pop().map(|mail| mail.text).unwrap_or_default();
        let link = text.lines().find_map(|line| line.strip_prefix(LINK));
        let parts = link.and_then(|link| link.trim_end_matches('/').split_once('/'));
        let (uid, token) = parts.unwrap_or_else(|| panic!("no link in {text:?}"));
        (uid.to_owned(), token.to_owned())
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const LINK: &str = "https://savdo.test/reset/";

impl MailGateway for Mailbox {
    fn send(&self, mail: &Mail) -> Outcome {
        let mut kept = self.kept();
        kept.tried.push(mail.clone());
        kept.answers.pop_front().unwrap_or(Outcome::Sent)
    }
}

impl SmsGateway for Mailbox {
    fn send(&self, sms: &Sms) -> Handed {
        let mut kept = self.kept();
        kept.texts.push(sms.clone());
        kept.answers_to_texts.pop_front().unwrap_or(Outcome::Sent.into())
    }

    fn knows_repetitions(&self) -> bool {
        self.kept().knows_repetitions
    }
}

impl World {
    /// A worker whose letters and short messages go to this mailbox.
    ///
    /// # Panics
    /// When the system gives no randomness.
    #[must_use]
    pub fn runner(&self, mailbox: &Mailbox) -> Runner {
        self.runner_at(mailbox, &ClickDouble::default())
    }

    /// The same, which asks this Click.
    ///
    /// # Panics
    /// When the system gives no randomness.
    #[must_use]
    pub fn runner_at(&self, mailbox: &Mailbox, click: &ClickDouble) -> Runner {
        let reset_link = ResetLink::parse(&format!("{LINK}{{uid}}/{{token}}/"));
        let runner = Runner::new(RunnerSettings {
            context: self.context.clone(),
            gateways: Gateways {
                mail: Arc::new(mailbox.clone()),
                sms: Arc::new(mailbox.clone()),
                click: Arc::new(click.clone()),
            },
            reset_link: reset_link.unwrap_or_else(|problem| panic!("{problem}")),
        });
        runner.unwrap_or_else(|error| panic!("{error}"))
    }
}
