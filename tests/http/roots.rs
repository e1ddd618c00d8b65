//! `/api/v1/`, `/api/v1/warehouse/`, `/api/v1/support/` and `/api/v1/superadmin/`.

use savdo_tests::{Server, same_on_both};

#[test]
fn the_roots_name_their_collections_to_whoever_is_signed_in() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let owner = server.client_of(&shop.owner);
        owner.get("/api/v1/");
        owner.get("/api/v1/warehouse");
        owner.get("/api/v1/support/");
        owner.get("/api/v1/superadmin/");
        server.client_of(&server.world.admin()).get("/api/v1/superadmin");
        server.client().get("/api/v1/");
    });
}
