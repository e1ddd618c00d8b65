use chrono::TimeDelta;
use savdo_domain::ids::StoreId;
use savdo_domain::payment::click::TaxNumber;
use savdo_domain::payment::desk::Environment;
use savdo_services::desks::{Desks, KNOWN_CLICK_SECRET, KNOWN_PAYME_KEY};

use crate::settings::tests::load;
use crate::settings::{Settings, SettingsError};

const PRODUCTION: [(&str, &str); 2] = [
    ("SAVDO_ENVIRONMENT", "production"),
    ("SECRET_KEY", "5f0d7c1be2a94c38ad61fe0b92c7d4e85f0d7c1be2a94c38"),
];

fn production(more: &[(&'static str, &'static str)]) -> Result<Settings, SettingsError> {
    let mut variables = PRODUCTION.to_vec();
    variables.extend(more);
    load(&variables)
}

/// Whether Payme is on, and Click.
fn are_on(desks: &Desks) -> (bool, bool) {
    let store_id = StoreId::new(1);
    (desks.payme_of(store_id).is_some(), desks.click_of(store_id).is_some())
}

#[test]
fn development_has_a_desk_at_each_provider_and_production_none() {
    let development = load(&[]).unwrap().desks;
    let production = production(&[]).unwrap().desks;

    assert_eq!(development.environment, Environment::Test);
    assert_eq!(are_on(&development), (true, true));
    assert_eq!(development.payme[0].desk.secrets.live.reveal(), KNOWN_PAYME_KEY);
    assert_eq!(development.click[0].desk.secrets.live.reveal(), KNOWN_CLICK_SECRET);
    assert_eq!(development.payme_checkout_url, "https://test.paycom.uz");
    assert_eq!(development.click_api_url, "", "a laptop asks no Click");
    assert!(development.admits_return("http://localhost:3000/orders/1/"));
    assert_eq!(production.environment, Environment::Production);
    assert_eq!(are_on(&production), (false, false));
    assert_eq!(production.payme_checkout_url, "https://checkout.paycom.uz");
    assert_eq!(production.click_pay_url, "https://my.click.uz/services/pay");
    assert_eq!(production.click_api_url, "https://api.click.uz/v2/merchant");
    assert_eq!(production.click_holds_for, TimeDelta::minutes(30));
    assert!(production.return_origins.is_empty() && production.order_page.is_none());
}

#[test]
fn a_desk_is_named_in_the_configuration_and_its_keys_are_never_shown() {
    let settings = production(&[
        ("SAVDO_PAYMENTS__PAYME__MERCHANT_ID", "587f72c72cac0d162c722ae2"),
        ("SAVDO_PAYMENTS__PAYME__KEY", "sirli&kalit"),
        ("SAVDO_PAYMENTS__PAYME__PREVIOUS_KEY", "eski-kalit"),
        ("SAVDO_PAYMENTS__PAYME__DETAIL", "true"),
        ("SAVDO_PAYMENTS__PAYME__ALLOW_FROM", "185.234.113.0/28"),
        ("SAVDO_PAYMENTS__RETURN_ORIGINS", "https://dorixona.uz"),
        ("SAVDO_PAYMENTS__ORDER_PAGE", "https://dorixona.uz/b/{order_id}"),
    ])
    .unwrap();

    let desk = settings.desks.payme_of(StoreId::new(1)).unwrap();
    assert_eq!(
        (desk.login.as_str(), desk.account_field.as_str()),
        ("Paycom", "order_id")
    );
    assert!(desk.sends_detail);
    assert_eq!(desk.desk.secrets.previous.reveal(), "eski-kalit");
    assert_eq!(settings.shell.payme_networks.len(), 1);
    assert!(settings.desks.admits_return("https://dorixona.uz/x"));
    let shown = format!("{settings:?}");
    assert!(!shown.contains("sirli") && !shown.contains("eski-kalit"), "{shown}");
}

#[test]
fn what_no_desk_can_be_made_of_is_named() {
    let key = ("SAVDO_PAYMENTS__PAYME__KEY", "sirli&kalit");
    let merchant = ("SAVDO_PAYMENTS__PAYME__MERCHANT_ID", "587f72c72cac0d162c722ae2");
    assert!(production(&[key, merchant]).is_ok());
    for wrong in [
        ("SAVDO_PAYMENTS__PAYME__MERCHANT_ID", ""),
        ("SAVDO_PAYMENTS__PAYME__MERCHANT_ID", "a;b"),
        ("SAVDO_PAYMENTS__PAYME__LOGIN", ""),
        ("SAVDO_PAYMENTS__PAYME__LOGIN", "Pay:com"),
        ("SAVDO_PAYMENTS__PAYME__ACCOUNT_FIELD", ""),
        ("SAVDO_PAYMENTS__PAYME__ACCOUNT_FIELD", "a=b"),
        ("SAVDO_PAYMENTS__PAYME__CHECKOUT_URL", "http://checkout.paycom.uz"),
        ("SAVDO_PAYMENTS__PAYME__ALLOW_FROM", "payme"),
        ("SAVDO_PAYMENTS__PAYME__KEY", KNOWN_PAYME_KEY),
        ("SAVDO_PAYMENTS__PAYME__DETAIL", "yes"),
        ("SAVDO_PAYMENTS__ENVIRONMENT", "sandbox"),
        ("SAVDO_PAYMENTS__RETURN_ORIGINS", "*"),
        ("SAVDO_PAYMENTS__ORDER_PAGE", "https://dorixona.uz/b/"),
        ("SAVDO_PAYMENTS__ORDER_PAGE", "dorixona.uz/{order_id}"),
    ] {
        let why = production(&[key, merchant, wrong]).unwrap_err().to_string();
        assert!(
            why.contains(&format!("({}) ", wrong.0)) && !why.contains("sirli"),
            "{why}"
        );
    }
    let known = ("SAVDO_PAYMENTS__PAYME__PREVIOUS_KEY", KNOWN_PAYME_KEY);
    assert!(production(&[key, merchant, known]).is_err());
}

const CLICK: [(&str, &str); 4] = [
    ("SAVDO_PAYMENTS__CLICK__SERVICE_ID", "85335"),
    ("SAVDO_PAYMENTS__CLICK__MERCHANT_ID", "46"),
    ("SAVDO_PAYMENTS__CLICK__MERCHANT_USER_ID", "9"),
    ("SAVDO_PAYMENTS__CLICK__SECRET_KEY", "maxfiy-click"),
];

fn with_click(more: &[(&'static str, &'static str)]) -> Result<Settings, SettingsError> {
    production(&[&CLICK, more].concat())
}

#[test]
fn a_desk_at_click_is_named_in_the_configuration_and_its_secrets_are_never_shown() {
    let settings = with_click(&[
        ("SAVDO_PAYMENTS__CLICK__PREVIOUS_SECRET_KEY", "eski-click"),
        ("SAVDO_PAYMENTS__CLICK__API_URL", "https://api.click.uz/v3/merchant/"),
        ("SAVDO_PAYMENTS__CLICK__PREPARE_MINUTES", "45"),
        ("SAVDO_PAYMENTS__CLICK__ALLOW_FROM", "217.29.119.130, 217.29.119.131"),
    ])
    .unwrap();

    assert_eq!(are_on(&settings.desks), (false, true));
    let desk = settings.desks.click_of(StoreId::new(1)).unwrap();
    let ids = [&desk.service_id, &desk.merchant_id, &desk.merchant_user_id];
    assert_eq!(ids, ["85335", "46", "9"]);
    assert_eq!(desk.desk.secrets.previous.reveal(), "eski-click");
    assert_eq!(settings.desks.click_api_url, "https://api.click.uz/v3/merchant");
    assert_eq!(settings.desks.click_holds_for, TimeDelta::minutes(45));
    assert_eq!(settings.shell.click_networks.len(), 2);
    let shown = format!("{settings:?}");
    assert!(!shown.contains("maxfiy") && !shown.contains("eski-click"), "{shown}");
}

#[test]
fn a_secret_that_everybody_knows_takes_no_real_money_in_development_either() {
    let real = ("SAVDO_PAYMENTS__ENVIRONMENT", "production");
    let no_payme = ("SAVDO_PAYMENTS__PAYME__KEY", "");

    for variables in [vec![real], vec![real, no_payme]] {
        let why = load(&variables).unwrap_err().to_string();
        assert!(why.contains("everybody knows"), "{why}");
    }
    assert!(load(&[real, no_payme, ("SAVDO_PAYMENTS__CLICK__SECRET_KEY", "")]).is_ok());
}

#[test]
fn what_no_desk_at_click_can_be_made_of_is_named() {
    assert!(with_click(&[]).is_ok());
    for wrong in [
        ("SAVDO_PAYMENTS__CLICK__SERVICE_ID", ""),
        ("SAVDO_PAYMENTS__CLICK__SERVICE_ID", "85 335"),
        ("SAVDO_PAYMENTS__CLICK__MERCHANT_ID", ""),
        ("SAVDO_PAYMENTS__CLICK__MERCHANT_USER_ID", ""),
        ("SAVDO_PAYMENTS__CLICK__MERCHANT_USER_ID", "9:9"),
        ("SAVDO_PAYMENTS__CLICK__SECRET_KEY", KNOWN_CLICK_SECRET),
        ("SAVDO_PAYMENTS__CLICK__PAY_URL", "http://my.click.uz/services/pay"),
        ("SAVDO_PAYMENTS__CLICK__API_URL", "api.click.uz"),
        ("SAVDO_PAYMENTS__CLICK__FISCAL", "12345678"),
        ("SAVDO_PAYMENTS__CLICK__FISCAL", "true"),
        ("SAVDO_PAYMENTS__CLICK__PREPARE_MINUTES", "0"),
        ("SAVDO_PAYMENTS__CLICK__PREPARE_MINUTES", "1441"),
        ("SAVDO_PAYMENTS__CLICK__PREPARE_MINUTES", "-5"),
        ("SAVDO_PAYMENTS__CLICK__ALLOW_FROM", "click"),
    ] {
        let why = with_click(&[wrong]).unwrap_err().to_string();
        let names = why.contains(&format!("({}) ", wrong.0));
        assert!(names && !why.contains("maxfiy"), "{why}");
    }
    let known = ("SAVDO_PAYMENTS__CLICK__PREVIOUS_SECRET_KEY", KNOWN_CLICK_SECRET);
    assert!(with_click(&[known]).is_err());
}

#[test]
fn sales_are_registered_for_a_seller_where_click_is_asked() {
    let seller = ("SAVDO_PAYMENTS__CLICK__FISCAL", "123456789");

    assert_eq!(with_click(&[]).unwrap().desks.click_fiscal, None);
    let on = with_click(&[seller]).unwrap().desks.click_fiscal;
    assert_eq!(on, TaxNumber::parse("123456789"));
    let why = with_click(&[seller, ("SAVDO_PAYMENTS__CLICK__API_URL", "")]).unwrap_err();
    assert!(why.to_string().contains("needs payments.click.api_url"), "{why}");
}
