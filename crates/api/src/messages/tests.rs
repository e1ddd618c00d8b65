//! The three catalogues say the same things, all that is said, and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use savdo_domain::FieldProblem;
use savdo_domain::access::{Role, RowStatus, StoreStatus, WorkerStatus};
use savdo_domain::account::Language;
use savdo_domain::catalog::Unit;
use savdo_domain::coded::Coded;
use savdo_domain::delivery::DeliveryStatus;
use savdo_domain::expense::Tender;
use savdo_domain::notice::{Channel, NoticeStatus, NoticeType};
use savdo_domain::order::OrderStatus;
use savdo_domain::payment::{PaymentState, Provider};
use savdo_domain::prescription::PrescriptionStatus;
use savdo_domain::sale::{PaymentType, SaleStatus};
use savdo_domain::sale_return::SaleReturnStatus;
use savdo_domain::shift::ShiftStatus;
use savdo_domain::stock::MovementType;
use savdo_services::audit::{Action, Subject};

use super::{Done, done, label, words};
use crate::paper::Word;
use crate::shop::shifts::ReportWord;

/// Every key of a language with its text.
fn catalogue(language: Language) -> BTreeMap<String, String> {
    let messages = crate::_RUST_I18N_BACKEND.messages_for_locale(language.code()).unwrap();
    let own =
        |(key, text): (std::borrow::Cow<'_, str>, std::borrow::Cow<'_, str>)| (key.into_owned(), text.into_owned());
    // The version of the format stands among the messages.
    let said = messages.into_iter().map(own).filter(|(key, _)| key != "_version");
    said.collect()
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    let names = text.split("%{").skip(1);
    names.filter_map(|rest| rest.split('}').next()).collect()
}

fn keys_of<T: Coded>(family: &str) -> impl Iterator<Item = String> {
    T::ALL.iter().map(move |value| format!("{family}.{}", value.code()))
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The codes that a source's types of this kind have: the texts in their `fn code`.
fn codes(source: &str, is_wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let mut codes = Vec::new();
    for block in source.split("\nimpl ").skip(1) {
        let name = block.split([' ', '<']).next().unwrap_or_default();
        let Some((_, body)) = block.split_once("fn code(").filter(|_| is_wanted(name)) else {
            continue;
        };
        let body = body.split("\n    }\n").next().unwrap_or_default();
        codes.extend(body.split('"').skip(1).step_by(2).map(str::to_owned));
    }
    codes
}

/// Every code of a refusal and of a problem, read off the sources, since a sum type cannot be listed.
fn codes_in_sources(is_wanted: impl Fn(&str) -> bool + Copy) -> BTreeSet<String> {
    let api = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = vec![api.join("problem.rs")];
    sources(&api.join("../../domain/src"), &mut files);
    let texts = files.into_iter().map(|file| std::fs::read_to_string(file).unwrap());
    texts.flat_map(|text| codes(&text, is_wanted)).collect()
}

/// Every key that can be asked for.
fn asked_for() -> BTreeSet<String> {
    let refusals = codes_in_sources(|name| name.ends_with("Refusal") || name == "Problem");
    let fields = codes_in_sources(|name| name == "FieldProblem");
    let mut keys = BTreeSet::from(["refusal.validation".to_owned()]);
    keys.extend(refusals.iter().map(|code| format!("refusal.{code}")));
    let faults = codes_in_sources(|name| name == "Fault");
    keys.extend(faults.iter().map(|code| format!("payme.{code}")));
    keys.extend(fields.iter().map(|code| format!("field.{code}")));
    keys.extend(keys_of::<Done>("done"));
    keys.extend(keys_of::<Role>("label.role").filter(|key| !is_never_shown(key)));
    keys.extend(keys_of::<WorkerStatus>("label.worker_status"));
    keys.extend(keys_of::<RowStatus>("label.row_status"));
    keys.extend(keys_of::<StoreStatus>("label.store_status"));
    keys.extend(keys_of::<Unit>("label.unit"));
    keys.extend(keys_of::<MovementType>("label.movement_type"));
    keys.extend(keys_of::<PaymentType>("label.payment_type"));
    keys.extend(keys_of::<Tender>("label.tender"));
    keys.extend(keys_of::<SaleStatus>("label.sale_status"));
    keys.extend(keys_of::<SaleReturnStatus>("label.return_status"));
    keys.extend(keys_of::<ShiftStatus>("label.shift_status"));
    keys.extend(keys_of::<OrderStatus>("label.order_status"));
    keys.extend(keys_of::<Provider>("label.payment_provider"));
    keys.extend(keys_of::<PaymentState>("label.payment_state"));
    keys.extend(keys_of::<DeliveryStatus>("label.delivery_status"));
    keys.extend(keys_of::<NoticeType>("label.notice_type"));
    keys.extend(keys_of::<Channel>("label.channel"));
    keys.extend(keys_of::<NoticeStatus>("label.notice_status"));
    keys.extend(keys_of::<PrescriptionStatus>("label.prescription_status"));
    keys.extend(keys_of::<Word>("label.paper"));
    keys.extend(keys_of::<ReportWord>("label.z_report"));
    keys.extend(keys_of::<Action>("label.audit_action"));
    keys.extend(keys_of::<Subject>("label.audit_model"));
    keys
}

/// The roles of the installation's admin and of customers are no worker's.
fn is_never_shown(key: &str) -> bool {
    matches!(key, "label.role.admin" | "label.role.customer")
}

#[test]
fn every_language_says_all_that_is_said_and_nothing_else() {
    let asked_for = asked_for();
    assert!(asked_for.len() > 100, "the sources were not found");

    for language in Language::ALL {
        let keys: BTreeSet<_> = catalogue(*language).into_keys().collect();
        let differing: Vec<_> = keys.symmetric_difference(&asked_for).collect();
        assert_eq!(differing, [""; 0], "{}", language.code());
    }
}

#[test]
fn every_language_fills_in_the_same_figures() {
    let uzbek = catalogue(Language::Uzbek);
    for language in [Language::Russian, Language::English] {
        for (key, text) in catalogue(language) {
            assert!(!text.trim().is_empty(), "{key} in {}", language.code());
            assert_eq!(
                placeholders(&text),
                placeholders(&uzbek[&key]),
                "{key} in {}",
                language.code()
            );
        }
    }
}

#[test]
fn words_are_of_the_language_asked_for_and_codes_never() {
    let said = |language| {
        let problem = FieldProblem::OutOfRange {
            min: "1".to_owned(),
            max: "5".to_owned(),
        };
        [
            done(language, Done::Sold),
            label(language, "unit", Unit::Box),
            words(&problem, language),
        ]
    };

    assert_eq!(
        said(Language::Uzbek),
        [
            "Sotuv amalga oshirildi.",
            "quti",
            "Qiymat 1 dan 5 gacha bo'lishi kerak."
        ]
    );
    assert_eq!(
        said(Language::Russian),
        ["Продажа оформлена.", "коробка", "Значение должно быть от 1 до 5."]
    );
    assert_eq!(
        said(Language::English),
        ["The sale is made.", "box", "The value must be between 1 and 5."]
    );
}

#[test]
fn an_unproven_phone_is_told_with_the_word_that_clients_look_for_in_every_language() {
    for language in Language::ALL {
        let text = &catalogue(*language)["refusal.not_verified"];
        assert!(text.contains("tasdiq"), "{text}");
    }
}
