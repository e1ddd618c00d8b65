//! Which stored files are pictures of products.
//!
//! Without a scope: the sweep of files and whoever runs the installation look after those of all stores.

use diesel::prelude::*;
use diesel::sql_types::Bool;
use savdo_domain::ids::ProductId;

use crate::database::Reader;
use crate::error::Error;
use crate::fragments::fragments;
use crate::schema::products;

fragments! {
    /// It has a picture, as its partial index says it.
    HasPicture: Bool = "products.image <> ''";
}

/// Which of these stored names some product's picture has.
///
/// # Errors
/// A failed statement.
pub fn named_pictures_unscoped(reader: &mut Reader<'_>, names: &[String]) -> Result<Vec<String>, Error> {
    reader.statement("products_named_pictures", |on| {
        products::table
            .filter(products::image.eq_any(names))
            .filter(HasPicture)
            .select(products::image)
            .load(on)
    })
}

/// The names of the pictures of products after this one, in the order of their ids.
///
/// # Errors
/// A failed statement.
pub fn pictures_unscoped(
    reader: &mut Reader<'_>,
    after: ProductId,
    most: i64,
) -> Result<Vec<(ProductId, String)>, Error> {
    let rows: Vec<(i64, String)> = reader.statement("products_pictures", |on| {
        products::table
            .filter(products::id.gt(after.get()))
            .filter(HasPicture)
            .order(products::id)
            .select((products::id, products::image))
            .limit(most)
            .load(on)
    })?;
    Ok(rows.into_iter().map(|(id, name)| (ProductId::new(id), name)).collect())
}
