//! From a request to typed values, refusing everything that is not exactly one.

mod body;
mod inputs;
mod keyed;
mod language;
mod lists;
mod page_params;
mod patch;
mod path;
mod query;
mod rows;
mod strict;
mod token;
mod validation;

pub use body::{Body, Bounded, NoBody, OptionalBody};
pub use inputs::{
    CodeInput, DateInput, FlagFilter, IdFilter, IdInput, MoneyInput, NameInput, NoPicture, PercentInput, PiecesInput,
    QuantityInput, TextInput, TotalInput,
};
pub use keyed::{Keyed, MaybeKey};
pub use language::InLanguage;
pub use lists::{CodesFilter, Ordering, SearchFilter};
pub use page_params::{PharmacyPage, ShopPage};
pub use patch::{Clearable, Patch};
pub use path::PathId;
pub use query::{PageQuery, Query};
pub use rows::RowsQuery;
