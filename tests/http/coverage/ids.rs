//! What stands in an address where an id belongs, and is none.

use savdo_api::routes;
use savdo_persistence::on_both;
use savdo_tests::Server;

use super::stock::stocked;
use super::{Sample, send};

/// Nothing of this is a number from 1 to 9223372036854775807 in plain digits.
const NO_IDS: [&str; 16] = [
    "0",
    "-1",
    "+1",
    "1.0",
    "1e0",
    "0x1",
    "9223372036854775808",
    "18446744073709551616",
    "1;drop",
    "1%00",
    "%00",
    "..%2f1",
    "1%2f..",
    "%EF%BC%91",
    "%D9%A1",
    "1%20",
];

on_both! {
    /// Case 80 of the abuse cases.
    fn what_is_no_id_finds_nothing_and_changes_nothing_at_every_address_that_has_one(database: TestDatabase) {
        let server = Server::unlimited(database);
        let stocked = stocked(&server);
        let owner = server.client_of(&stocked.shop.owner).unnoted();
        let before = server.world.database.dump();

        let mut tried = 0;
        for route in routes::all().into_iter().filter(|route| route.path.contains("{id}")) {
            let sample = Sample::of_route(&route);
            for id in NO_IDS {
                let path = route.path.replace("{id}", id).replace("{image_id}", "1");
                let answer = send(&owner, route.method.as_str(), &path, &sample.body(&stocked.ids));
                assert_eq!((answer.status, answer.text("/code")), (404, "not_found"), "{} {path}: {}", route.method, answer.text);
                tried += 1;
            }
        }

        assert!(tried > 400, "only {tried}");
        assert!(server.world.database.dump() == before, "something changed");
    }
}
