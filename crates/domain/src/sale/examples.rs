//! The worked examples of how a sale is priced, and the table of who may change a price.

use crate::fields::{FieldErrors, FieldProblem};
use crate::ids::ProductId;
use crate::money::Money;
use crate::percent::Percent;
use crate::quantity::Quantity;
use crate::refusal::Refusal;
use crate::sale::{
    AskedLine, AutomaticDiscount, DiscountSource, PriceRight, PricedLine, PricedSale, SaleRefusal, price,
};

const PRODUCT: ProductId = ProductId::new(7);
const SELLER: PriceRight = PriceRight {
    is_manager: false,
    allows_discount: true,
    discount_percent_max: Percent::ZERO,
};
const MANAGER: PriceRight = PriceRight {
    is_manager: true,
    ..SELLER
};
const FORBIDDEN: Refusal = Refusal::Sale(SaleRefusal::PriceOverrideNotAllowed {
    product_id: None,
    price: None,
});

fn money(text: &str) -> Money {
    Money::parse(text).unwrap()
}

fn percent(text: &str) -> Option<Percent> {
    Some(Percent::parse(text).unwrap())
}

fn line(quantity: &str, list_price: &str) -> AskedLine {
    AskedLine {
        product_id: PRODUCT,
        list_price: money(list_price),
        quantity: Quantity::parse(quantity).unwrap(),
        unit_price: None,
        original_price: None,
        discount_percent: None,
        automatic: None,
    }
}

fn promotion(text: &str) -> Option<AutomaticDiscount> {
    Some(AutomaticDiscount {
        percent: Percent::parse(text).unwrap(),
        source: DiscountSource::Promotion,
    })
}

fn limited(right: PriceRight, max: &str) -> PriceRight {
    PriceRight {
        discount_percent_max: Percent::parse(max).unwrap(),
        ..right
    }
}

/// Source, percentage shown, price before discount and price of the one line of a sale.
fn priced(line: AskedLine, right: PriceRight) -> Result<String, Refusal> {
    let sale = price(&[line], Money::ZERO, &right)?;
    let PricedLine {
        source,
        discount_percent,
        original_price,
        unit_price,
        ..
    } = &sale.lines[0];
    Ok(format!("{source} {discount_percent} {original_price} {unit_price}"))
}

fn in_line(problem: FieldProblem) -> Refusal {
    Refusal::Fields(FieldErrors::in_element(
        "items",
        0,
        1,
        FieldErrors::one("unit_price", problem),
    ))
}

#[test]
fn a_third_of_a_kilo_is_payable() {
    let sale = price(&[line("0.333", "999.99")], Money::ZERO, &SELLER).unwrap();

    let expected = PricedLine {
        quantity: Quantity::from_thousandths(333),
        original_price: money("999.99"),
        discount_percent: Percent::ZERO,
        discount_per_unit: Money::ZERO,
        source: DiscountSource::None,
        line_total: money("333.00"),
        total_price: money("333.00"),
        unit_price: money("1000.00"),
    };
    let net_total = money("333.00");
    let lines = vec![expected];
    assert_eq!(
        sale,
        PricedSale {
            lines,
            total_price: net_total,
            discount_amount: Money::ZERO,
            net_total
        }
    );
}

#[test]
fn the_discount_of_a_sale_is_spread_over_its_lines() {
    let sale = price(&[line("1", "999.99"), line("3", "100.00")], money("100.00"), &SELLER).unwrap();

    let lines: Vec<_> = sale
        .lines
        .iter()
        .map(|line| (line.total_price, line.unit_price))
        .collect();
    assert_eq!(
        lines,
        [(money("923.07"), money("923.07")), (money("276.92"), money("92.31"))]
    );
    assert_eq!((sale.total_price, sale.net_total), (money("1299.99"), money("1199.99")));
}

#[test]
fn the_best_single_discount_wins() {
    let promoted = AskedLine {
        automatic: promotion("10"),
        ..line("1", "10000")
    };

    let smaller = priced(
        AskedLine {
            discount_percent: percent("8"),
            ..promoted
        },
        SELLER,
    );
    let larger = priced(
        AskedLine {
            discount_percent: percent("15"),
            ..promoted
        },
        SELLER,
    );

    assert_eq!(smaller.unwrap(), "promotion 10.00 10000.00 9000.00");
    assert_eq!(larger.unwrap(), "manual 15.00 10000.00 8500.00");
}

#[test]
fn a_price_that_repeats_the_servers_is_no_wish() {
    let promoted = AskedLine {
        automatic: promotion("10"),
        ..line("1", "10000")
    };

    for unit_price in ["0", "10000", "9000", "9500"] {
        let asked = AskedLine {
            unit_price: Some(money(unit_price)),
            ..promoted
        };
        assert_eq!(
            priced(asked, SELLER).unwrap(),
            "promotion 10.00 10000.00 9000.00",
            "{unit_price}"
        );
    }
}

#[test]
fn a_unit_price_beside_its_percentage_only_confirms_it() {
    let asked = AskedLine {
        discount_percent: percent("10"),
        ..line("1", "10000")
    };
    let confirmed = AskedLine {
        original_price: Some(money("10000")),
        unit_price: Some(money("9001.00")),
        ..asked
    };
    let apart = AskedLine {
        unit_price: Some(money("9001.01")),
        ..confirmed
    };

    assert_eq!(priced(confirmed, SELLER).unwrap(), "manual 10.00 10000.00 9000.00");
    assert_eq!(priced(apart, SELLER), Err(in_line(FieldProblem::Contradiction)));
    assert_eq!(priced(apart, MANAGER), Err(in_line(FieldProblem::Contradiction)));
}

#[test]
fn without_discounts_a_seller_is_forbidden_and_a_manager_sent_a_wrong_field() {
    let asked = [AskedLine {
        discount_percent: percent("5"),
        ..line("1", "100")
    }];
    let none = |right| PriceRight {
        allows_discount: false,
        ..right
    };

    let on_line = [SELLER, MANAGER].map(|right| price(&asked, Money::ZERO, &none(right)));
    let on_sale = [SELLER, MANAGER].map(|right| price(&[line("1", "100")], money("5"), &none(right)));

    let forbidden = Err(Refusal::Sale(SaleRefusal::DiscountNotAllowed));
    assert_eq!(
        on_line,
        [forbidden.clone(), Err(in_line(FieldProblem::DiscountNotAllowed))]
    );
    let on_discount = Refusal::field("discount_amount", FieldProblem::DiscountNotAllowed);
    assert_eq!(on_sale, [forbidden, Err(on_discount)]);
}

#[test]
fn the_limit_counts_lines_and_sale_together() {
    let asked = [AskedLine {
        discount_percent: percent("5"),
        ..line("2", "50000.00")
    }];
    let [seller, manager] = [SELLER, MANAGER].map(|right| limited(right, "10"));

    let above = [&seller, &manager].map(|right| price(&asked, money("6000.00"), right));
    let within = price(&asked, money("5000.00"), &seller).unwrap();

    let (limit, asked) = (money("10000.00"), money("11000.00"));
    let problem = FieldProblem::DiscountAboveLimit {
        limit: "10000.00".to_owned(),
    };
    let mut fields = FieldErrors::in_element("items", 0, 1, FieldErrors::one("unit_price", problem.clone()));
    fields.add("discount_amount", problem);
    let forbidden = SaleRefusal::DiscountLimitExceeded { limit, asked };
    assert_eq!(above, [Err(Refusal::Sale(forbidden)), Err(Refusal::Fields(fields))]);
    assert_eq!(within.net_total, money("90000.00"));
}

#[test]
fn a_lower_unit_price_needs_a_limit_to_hold_it() {
    let asked = AskedLine {
        unit_price: Some(money("90")),
        ..line("1", "100")
    };

    assert_eq!(priced(asked, SELLER), Err(FORBIDDEN));
    assert_eq!(priced(asked, MANAGER).unwrap(), "manual 10.00 100.00 90.00");
    assert_eq!(
        priced(asked, limited(SELLER, "10")).unwrap(),
        "manual 10.00 100.00 90.00"
    );
    let third = AskedLine {
        unit_price: Some(money("200")),
        ..line("1", "300")
    };
    assert_eq!(priced(third, MANAGER).unwrap(), "manual 33.33 300.00 200.00");
    let percentage = AskedLine {
        discount_percent: percent("10"),
        ..line("1", "100")
    };
    assert_eq!(priced(percentage, SELLER).unwrap(), "manual 10.00 100.00 90.00");
    assert!(price(&[line("1", "100")], money("10"), &SELLER).is_ok());
}

#[test]
fn only_a_manager_contradicts_the_list_price() {
    let raised = AskedLine {
        unit_price: Some(money("120")),
        ..line("1", "100")
    };
    let relisted = AskedLine {
        original_price: Some(money("120")),
        ..line("1", "100")
    };
    let discounted = AskedLine {
        unit_price: Some(money("100")),
        ..relisted
    };
    let lowered = AskedLine {
        original_price: Some(money("80")),
        ..line("1", "100")
    };

    let (product_id, list) = (Some(PRODUCT), Some(money("100")));
    let forbidden = Refusal::Sale(SaleRefusal::PriceOverrideNotAllowed {
        product_id,
        price: list,
    });
    for asked in [raised, relisted, discounted, lowered] {
        assert_eq!(priced(asked, limited(SELLER, "50")), Err(forbidden.clone()));
    }
    assert_eq!(priced(raised, MANAGER).unwrap(), "none 0.00 120.00 120.00");
    assert_eq!(priced(relisted, MANAGER).unwrap(), "none 0.00 120.00 120.00");
    assert_eq!(priced(discounted, MANAGER).unwrap(), "manual 16.67 120.00 100.00");
    assert_eq!(priced(lowered, MANAGER).unwrap(), "manual 20.00 100.00 80.00");
}

#[test]
fn a_product_without_a_price_is_sold_at_a_managers_word() {
    let free = line("1", "0");
    let named = AskedLine {
        unit_price: Some(money("100")),
        ..free
    };

    let missing = Err(Refusal::Sale(SaleRefusal::PriceMissing { product_id: PRODUCT }));
    assert_eq!(
        [priced(free, MANAGER), priced(free, SELLER), priced(named, SELLER)],
        [(); 3].map(|()| missing.clone())
    );
    assert_eq!(priced(named, MANAGER).unwrap(), "none 0.00 100.00 100.00");
}

#[test]
fn a_sale_that_cannot_be_paid_is_refused() {
    let range = |min: &str, max: &str| FieldProblem::OutOfRange {
        min: min.to_owned(),
        max: max.to_owned(),
    };
    let whole = [line("1", "100")];

    assert_eq!(
        price(&whole, money("100.01"), &SELLER),
        Err(Refusal::field("discount_amount", range("0.00", "100.00")))
    );
    assert_eq!(
        price(&whole, money("100"), &SELLER),
        Err(FieldErrors::across(FieldProblem::NothingToPay).into())
    );
    for quantity in ["1.001", "9999999.999"] {
        let refused = price(&[line(quantity, "9999999999.99")], Money::ZERO, &SELLER);
        assert_eq!(refused, Err(FieldErrors::across(range("0.00", "9999999999.99")).into()));
    }
}
