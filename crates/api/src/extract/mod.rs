//! From a request to typed values, refusing everything that is not exactly one.

mod body;
pub(crate) mod form;
mod ids;
mod inputs;
mod keyed;
mod language;
mod lists;
mod page_params;
mod patch;
mod path;
mod pictures;
mod query;
mod rows;
mod sent;
mod strict;
mod token;
mod uploads;
mod validation;

pub use body::{Body, Bounded, FormOrJson, NoBody, OptionalBody};
pub(crate) use body::{Limits as BodyLimits, content_type, read as read_body};
pub use ids::{AnyIdInput, IdFilter, IdInput};
pub use inputs::{
    CodeInput, DateInput, FlagFilter, FlagInput, MomentInput, MoneyInput, NameInput, PercentInput, PiecesInput,
    QuantityInput, TextInput, TotalInput, UuidInput,
};
pub use keyed::{Keyed, MaybeKey};
pub use language::InLanguage;
pub use lists::{CodesFilter, Ordering, SearchFilter};
pub use page_params::{PharmacyPage, ShopPage};
pub use patch::{Clearable, Patch};
pub use path::{PathId, PathImageId, PathPaymentId};
pub use pictures::{PictureForm, PictureFormOrJson, PicturesForm};
pub(crate) use query::names_page;
pub use query::{PageQuery, Query};
pub use rows::RowsQuery;
pub use uploads::{FileBytes, FileInput, FormOf};
