//! `/api/v1/` and `/api/v1/warehouse/`.

use savdo_tests::{Server, same_on_both};

#[test]
fn the_roots_name_their_collections_to_whoever_is_signed_in() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let owner = server.client_of(&shop.owner);
        owner.get("/api/v1/");
        owner.get("/api/v1/warehouse");
        server.client().get("/api/v1/");
    });
}
