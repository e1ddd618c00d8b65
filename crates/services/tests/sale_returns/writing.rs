//! Writing a return down and dropping it: nothing moves, and others may not have what it holds.

use savdo_domain::access::{AccessRefusal, Module, Role};
use savdo_domain::ids::{LocationId, SaleId, SaleReturnId};
use savdo_domain::sale::SaleRefusal;
use savdo_domain::sale_return::{AskedBack, BackOf, Refund, SaleReturnRefusal, SaleReturnStatus};
use savdo_domain::settings::SettingsPatch;
use savdo_domain::{FieldErrors, FieldProblem, Refusal};
use savdo_persistence::on_both;
use savdo_services::branches;
use savdo_services::sale_returns::{self, CreateSaleReturn, ListSaleReturns};
use savdo_services::testing::{World, back, money, quantity, refusal, sale};
use savdo_services::{Page, Period};

use super::{another_branch, cancel_sale, change, check, confirm, create, drop_it, exceeded, shop_with, sold};

on_both! {
    fn a_pending_return_moves_nothing_and_tells_what_it_is_worth(database: TestDatabase) {
        let world = World::on(database);
        let (shop, product) = shop_with(&world, "100.00");
        let seller = world.hire(&shop, Role::Seller);
        let sale = sold(&world, &shop, product, "3");
        let (levels, batches) = (world.levels(), world.batches());
        let command = CreateSaleReturn { reason: "siniq".to_owned(), ..back(sale.sale.id, &[(product, "2")]) };

        let written = world.bring_back(&seller, command);

        let view = &written.sale_return;
        assert_eq!((view.status, view.total_amount), (SaleReturnStatus::Pending, money("200.00")));
        assert_eq!((view.refund, view.shift_id, view.confirmed_at), (Refund::default(), None, None));
        assert_eq!((view.branch_id, view.worker_name.as_str()), (shop.branch_id, seller.name.as_str()));
        assert_eq!((view.sale_id, view.sale_number, written.reason.as_str()), (sale.sale.id, 1, "siniq"));
        let line = &written.lines[0];
        assert_eq!((written.lines.len(), line.sale_line_id, line.product_id), (1, sale.lines[0].id, product));
        assert_eq!((line.quantity, line.total_price), (quantity("2"), money("200.00")));
        assert_eq!(sale_returns::detail(&world.context, &seller, view.id).unwrap(), written);
        let unchanged = savdo_services::sales::view(&world.context, &seller, sale.sale.id).unwrap();
        assert_eq!((world.levels(), world.batches(), unchanged), (levels, batches, sale));
        let told = world.database.lines(
            "SELECT action || ' ' || description || ' ' || details AS line FROM audit_entries \
             WHERE subject_type = 'sale_return'",
        );
        let item = format!(
            "{{\"product\":{product},\"quantity\":\"2.000\",\"sale_item\":{},\"total_price\":\"200.00\"}}",
            line.sale_line_id,
        );
        assert_eq!(told, [format!(
            "create Qaytarish yozildi: sotuv №1, 200.00 so'm {{\"branch\":{},\"items\":[{item}],\"sale\":{},\
             \"total_amount\":\"200.00\"}}",
            shop.branch_id, view.sale_id,
        )]);
        assert_eq!(world.database.lines("SELECT event AS line FROM outbox WHERE subject_type = 'sale_return'"), [""; 0]);
        check(&world);
    }

    fn what_is_pending_may_not_come_back_twice_and_is_free_once_it_is_dropped(database: TestDatabase) {
        let world = World::on(database);
        let (shop, product) = shop_with(&world, "100.00");
        let sale = sold(&world, &shop, product, "3").sale.id;
        let first = world.bring_back(&shop.owner, back(sale, &[(product, "2")])).sale_return.id;
        let before = world.database.dump();

        let too_much = create(&world, &shop.owner, back(sale, &[(product, "1"), (product, "1")]));
        assert!(world.database.dump() == before, "something is left of it");
        let dropped = drop_it(&world, &shop.owner, first).unwrap().sale_return;
        let again = world.bring_back(&shop.owner, back(sale, &[(product, "3")])).sale_return;

        let refused = SaleReturnRefusal::ExceedsSold(vec![exceeded(product, "3", "2", "2")]);
        assert_eq!(refusal(too_much), refused.into());
        assert_eq!((dropped.status, dropped.refund), (SaleReturnStatus::Cancelled, Refund::default()));
        assert_eq!(again.total_amount, money("300.00"));
        let details = "SELECT details AS line FROM audit_entries WHERE subject_type = 'sale_return' AND action = 'cancel'";
        let changed = "{\"changes\":{\"status\":{\"new\":\"cancelled\",\"old\":\"pending\"}}}";
        assert_eq!(world.database.lines(details), [changed]);
        check(&world);
    }

    fn what_a_return_is_refused_for(database: TestDatabase) {
        let world = World::on(database);
        let (shop, product) = shop_with(&world, "100.00");
        let (other, foreign) = shop_with(&world, "100.00");
        let sale = sold(&world, &shop, product, "3").sale.id;
        let foreign_sale = sold(&world, &other, foreign, "1").sale.id;
        let undone = sold(&world, &shop, product, "1").sale.id;
        cancel_sale(&world, &shop.owner, undone).unwrap();
        let closed = another_branch(&world, &shop);
        branches::close(&world.context, &shop.owner, closed).unwrap();
        let before = world.database.dump();
        let one = || back(sale, &[(product, "1")]);
        let at = |branch| create(&world, &shop.owner, CreateSaleReturn { branch: Some(branch), ..one() });
        let field = |name: &str| Refusal::field(name, FieldProblem::UnknownObject);

        for unknown in [foreign_sale, SaleId::new(999)] {
            let refused = create(&world, &shop.owner, back(unknown, &[(foreign, "1")]));
            assert_eq!(refusal(refused), field("sale"));
        }
        for branch in [other.branch_id, closed, LocationId::new(999)] {
            assert_eq!(refusal(at(branch)), field("branch"));
        }
        let of_another = create(&world, &shop.owner, back(sale, &[(product, "1"), (foreign, "1")]));
        let mut errors = FieldErrors::new();
        let unknown = FieldErrors::one("product", FieldProblem::UnknownObject);
        errors.add_elements("items", vec![FieldErrors::new(), unknown]);
        assert_eq!(refusal(of_another), Refusal::Fields(errors));
        let nothing = create(&world, &shop.owner, back(sale, &[]));
        assert_eq!(refusal(nothing), Refusal::field("items", FieldProblem::TooShort { min: 1 }));
        let of_cancelled = create(&world, &shop.owner, back(undone, &[(product, "1")]));
        assert_eq!(refusal(of_cancelled), SaleRefusal::AlreadyCancelled.into());
        let too_much = create(&world, &shop.owner, back(sale, &[(product, "3.001")]));
        let refused = SaleReturnRefusal::ExceedsSold(vec![exceeded(product, "3", "0", "3.001")]);
        assert_eq!(refusal(too_much), refused.into());
        assert!(world.database.dump() == before, "something is left of a refusal");
    }

    fn a_line_may_be_named_instead_of_a_product(database: TestDatabase) {
        let world = World::on(database);
        let (shop, product) = shop_with(&world, "100.00");
        let mut command = sale(&shop, &[(product, "2"), (product, "2")]);
        command.items[1].unit_price = Some(money("90.00"));
        let sale = world.sell(&shop.owner, command);
        let second = AskedBack { of: BackOf::Line(sale.lines[1].id, None), quantity: quantity("1") };
        let by_line = CreateSaleReturn { items: vec![second], ..back(sale.sale.id, &[]) };

        let named = world.bring_back(&shop.owner, by_line);
        let filled = world.bring_back(&shop.owner, back(sale.sale.id, &[(product, "3")]));

        assert_eq!(named.sale_return.total_amount, money("90.00"));
        let lines: Vec<_> = filled.lines.iter().map(|line| (line.sale_line_id, line.quantity, line.total_price)).collect();
        assert_eq!(lines, [
            (sale.lines[0].id, quantity("2"), money("200.00")),
            (sale.lines[1].id, quantity("1"), money("90.00")),
        ]);
        check(&world);
    }

    fn who_may_not_write_or_settle_returns(database: TestDatabase) {
        let world = World::on(database);
        let (shop, product) = shop_with(&world, "100.00");
        let (other, _) = shop_with(&world, "100.00");
        let [seller, courier] = [Role::Seller, Role::Courier].map(|role| world.hire(&shop, role));
        let sale = sold(&world, &shop, product, "3").sale.id;
        let one = || back(sale, &[(product, "1")]);
        let id = world.bring_back(&seller, one()).sale_return.id;
        let code = |refusal: Refusal| refusal.code();

        let denied = [
            refusal(create(&world, &courier, one())),
            refusal(confirm(&world, &seller, id)),
            refusal(drop_it(&world, &seller, id)),
            refusal(confirm(&world, &other.owner, id)),
            refusal(drop_it(&world, &other.owner, id)),
            refusal(drop_it(&world, &shop.owner, SaleReturnId::new(999))),
            refusal(sale_returns::detail(&world.context, &other.owner, id)),
            refusal(sale_returns::detail(&world.context, &courier, id)),
        ];
        change(&world, &shop, SettingsPatch { sale_return_enabled: Some(false), ..SettingsPatch::default() });
        let off = [
            refusal(create(&world, &seller, one())),
            refusal(confirm(&world, &shop.owner, id)),
            refusal(drop_it(&world, &shop.owner, id)),
        ];

        let (section, role) = (Some("section_required"), Some("role_required"));
        let nobodys = Some("not_found");
        assert_eq!(denied.map(code), [section, role, role, nobodys, nobodys, nobodys, nobodys, section]);
        for refused in off {
            assert_eq!(refused, AccessRefusal::ModuleDisabled { module: Module::SaleReturn }.into());
        }
        assert_eq!(sale_returns::detail(&world.context, &seller, id).unwrap().sale_return.id, id);
    }

    fn a_list_of_returns_is_filtered(database: TestDatabase) {
        let world = World::on(database);
        let (shop, product) = shop_with(&world, "100.00");
        let (other, foreign) = shop_with(&world, "100.00");
        let branch = another_branch(&world, &shop);
        let sales = [(); 2].map(|()| sold(&world, &shop, product, "5").sale.id);
        let elsewhere = sold(&world, &other, foreign, "5").sale.id;
        world.bring_back(&other.owner, back(elsewhere, &[(foreign, "1")]));
        let mut written = Vec::new();
        for (sale, branch) in [(sales[0], None), (sales[1], None), (sales[0], Some(branch))] {
            let command = CreateSaleReturn { branch, ..back(sale, &[(product, "1")]) };
            written.push(world.bring_back(&shop.owner, command).sale_return.id);
            world.clock.advance(chrono::TimeDelta::days(1));
        }
        confirm(&world, &shop.owner, written[0]).unwrap();
        drop_it(&world, &shop.owner, written[1]).unwrap();
        let find = |query| {
            let listed = sale_returns::list(&world.context, &shop.owner, query).unwrap();
            let found = listed.rows.iter().map(|row| row.id);
            found.map(|id| written.iter().position(|one| *one == id).unwrap()).collect::<Vec<_>>()
        };
        let in_status = |statuses: &[SaleReturnStatus]| ListSaleReturns { statuses: statuses.to_vec(), ..all() };

        assert_eq!(find(all()), [2, 1, 0]);
        assert_eq!(find(in_status(&[SaleReturnStatus::Confirmed])), [0]);
        assert_eq!(find(in_status(&[SaleReturnStatus::Pending, SaleReturnStatus::Cancelled])), [2, 1]);
        assert_eq!(find(ListSaleReturns { sale: Some(sales[0]), ..all() }), [2, 0]);
        assert_eq!(find(ListSaleReturns { sale: Some(elsewhere), ..all() }), [0; 0]);
        assert_eq!(find(ListSaleReturns { branch: Some(branch), ..all() }), [2]);
        assert_eq!(find(ListSaleReturns { customer: Some(1), ..all() }), [0; 0]);
        let day = |day: u32| chrono::NaiveDate::from_ymd_opt(2026, 3, day);
        assert_eq!(find(ListSaleReturns { period: Period { day: day(13), ..Period::default() }, ..all() }), [1]);
        let turned = Period { day: None, from: day(14), to: day(13) };
        let turned = sale_returns::list(&world.context, &shop.owner, ListSaleReturns { period: turned, ..all() });
        assert_eq!(refusal(turned), Refusal::field("date_from", FieldProblem::EmptyPeriod));
    }
}

fn all() -> ListSaleReturns {
    ListSaleReturns {
        period: Period::default(),
        branch: None,
        shift: None,
        sale: None,
        customer: None,
        statuses: Vec::new(),
        sort: Vec::new(),
        page: Page::new(1, 100),
    }
}
