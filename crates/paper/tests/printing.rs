//! Slips as documents: what is printed can be read back, and is the same every time.

#![cfg(test)]

use savdo_paper::testing::read;
use savdo_paper::{PaperError, Slip, Tone};

fn slip() -> Slip {
    let mut slip = Slip::new("Chek № 1042", "uz");
    slip.centered(Tone::Loud, "Savdo Doʻkoni");
    slip.rule();
    slip.pair(Tone::Plain, "Кассир", "Азиза Каримова");
    slip.item(
        "Choy “Ahmad” №1, qoʻqon noni",
        "2 dona × 15\u{a0}000.00",
        "30\u{a0}000.00",
        "",
    );
    slip.code("1042");
    slip
}

#[test]
fn what_is_printed_can_be_read_back() {
    let pages = read(&slip().into_pdf().unwrap()).unwrap();

    let lines = [
        "Savdo Doʻkoni",
        "Кассир",
        "Азиза Каримова",
        "Choy “Ahmad” №1, qoʻqon noni",
        "2 dona × 15 000.00",
        "30 000.00",
    ];
    assert_eq!(pages, [lines.map(str::to_owned)]);
}

#[test]
fn a_stamp_is_printed_again_and_again() {
    let mut slip = slip();
    slip.stamp("BEKOR QILINGAN");
    for _ in 0..30 {
        slip.item("Non", "1 dona × 1.00", "1.00", "");
    }

    let pages = read(&slip.into_pdf().unwrap()).unwrap();

    let lines: Vec<_> = pages.into_iter().flatten().collect();
    assert!(
        lines.iter().filter(|line| *line == "BEKOR QILINGAN").count() > 2,
        "{lines:?}"
    );
}

#[test]
fn letters_that_the_typefaces_do_not_have_spoil_nothing() {
    let mut slip = Slip::new("Chek", "uz");
    slip.centered(Tone::Plain, "Choy \u{1f375} 漢字 \u{0}");
    slip.stamp("");

    let pages = read(&slip.into_pdf().unwrap()).unwrap();

    assert!(pages[0][0].starts_with("Choy "), "{pages:?}");
}

#[test]
fn the_same_slip_is_the_same_bytes() {
    let printed = slip().into_pdf().unwrap();

    assert_eq!(slip().into_pdf().unwrap(), printed);
    assert!(
        printed.len() < 40_000,
        "{} bytes: the typefaces are not reduced",
        printed.len()
    );
}

#[test]
fn a_code_that_no_scanner_could_read_is_refused() {
    let mut slip = Slip::new("Chek", "uz");
    slip.code(&"1".repeat(10_000));

    assert!(matches!(slip.into_pdf(), Err(PaperError::Code(_))));
}
