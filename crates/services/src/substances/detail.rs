//! One substance.

use savdo_domain::Refusal;
use savdo_domain::access::Actor;
use savdo_domain::ids::SubstanceId;
use savdo_persistence::substances::{self, SubstanceView};

use crate::catalogue::hidden_of;
use crate::{Context, Result};

/// A substance of a store that is open online, or of the staff's own.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn detail(context: &Context, actor: Option<&Actor>, id: SubstanceId) -> Result<SubstanceView> {
    let hidden_of = hidden_of(actor);
    let found = context
        .database()
        .read("substance_detail", |reader| substances::find(reader, hidden_of, id))?;
    found.ok_or_else(|| Refusal::NotFound.into())
}
