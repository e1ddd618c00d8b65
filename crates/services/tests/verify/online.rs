//! The same for the online catalogue: active substances, of which product 1 has the first, and the archive.

use super::breaks::{Break, broken};

pub(super) const BREAKS_ONLINE: &[Break] = &[
    broken(
        "DELETE FROM product_substances WHERE product_id = 1",
        "INSERT INTO product_substances SELECT store_id, 1, id FROM substances WHERE id = 1",
    ),
    broken(
        "INSERT INTO product_substances SELECT store_id, 2, id FROM substances WHERE id = 1",
        "DELETE FROM product_substances WHERE product_id = 2",
    ),
    broken(
        "UPDATE substances SET name = 'Atsetil' WHERE id = 1",
        "UPDATE substances SET name = 'Kislota' WHERE id = 1",
    ),
    broken(
        "UPDATE substances SET name_key = 'x' WHERE id = 1",
        "UPDATE substances SET name_key = 'kislota' WHERE id = 1",
    ),
    broken(
        "UPDATE substances SET search = 'x' WHERE id = 2",
        "UPDATE substances SET search = (SELECT replace(search, 'kislota', 'kofein') FROM substances WHERE id = 1) WHERE id = 2",
    ),
    broken(
        "UPDATE products SET archived_at = created_at WHERE id = 2",
        "UPDATE products SET archived_at = NULL WHERE id = 2",
    ),
];
