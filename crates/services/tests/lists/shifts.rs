//! Shifts.

use savdo_persistence::on_both;
use savdo_services::shifts::{self, ListShifts, ShiftColumn};
use savdo_services::testing::{World, end, shift};
use savdo_services::{Page, Period};

use super::{check, ids, sorts, told};

on_both! {
    fn shifts_are_walked_in_every_order(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        world.use_shifts(&shop);
        for number in 0..8 {
            if number % 3 == 0 {
                world.clock.advance(chrono::TimeDelta::milliseconds(1));
            }
            let id = world.open_shift(&shop.owner, shift(&shop)).shift.id;
            world.close_shift(&shop.owner, end(id));
        }

        for sort in sorts::<ShiftColumn>() {
            let list = |page: &Page| {
                let query = ListShifts {
                    period: Period::default(),
                    branch: None,
                    statuses: Vec::new(),
                    sort: sort.clone(),
                    page: page.clone(),
                };
                ids(shifts::list(&world.context, &shop.owner, query).unwrap(), |row| row.id.get())
            };
            check(&told("shifts", &sort), list, || ());
        }
    }
}
