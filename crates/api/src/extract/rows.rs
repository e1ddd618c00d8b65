//! The query of a list that is narrowed by state and text and sorted: branches, categories.

use savdo_domain::access::RowStatus;
use savdo_domain::coded::Coded;
use savdo_services::{ListRows, Page, SortBy};
use serde::Deserialize;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::{RefOr, Required, Schema};
use utoipa::{IntoParams, PartialSchema};

use crate::extract::{CodesFilter, Ordering, SearchFilter};

/// Which rows a list shows: `status` (`active` when not sent), `search`, `ordering` by the columns `C`.
#[derive(Debug, Deserialize)]
#[serde(bound = "C: Coded")]
pub struct RowsQuery<C> {
    status: Option<CodesFilter<RowStatus>>,
    search: Option<SearchFilter>,
    ordering: Option<Ordering<C>>,
}

impl<C> RowsQuery<C> {
    /// What is asked of the use-case.
    pub(crate) fn into_list(self, page: Page) -> ListRows<C> {
        ListRows {
            statuses: statuses(self.status),
            search: self.search.unwrap_or_default().0,
            sort: sort(self.ordering),
            page,
        }
    }
}

fn statuses(sent: Option<CodesFilter<RowStatus>>) -> Vec<RowStatus> {
    sent.map_or_else(|| vec![RowStatus::Active], |statuses| statuses.0)
}

fn sort<C>(sent: Option<Ordering<C>>) -> Vec<SortBy<C>> {
    sent.map(|ordering| ordering.0).unwrap_or_default()
}

impl<C: Coded> IntoParams for RowsQuery<C> {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let parameter = |name: &str, description: &str, schema: RefOr<Schema>| {
            ParameterBuilder::new()
                .name(name)
                .parameter_in(ParameterIn::Query)
                .required(Required::False)
                .description(Some(description))
                .schema(Some(schema))
                .build()
        };
        vec![
            parameter("status", "`active` when not sent.", CodesFilter::<RowStatus>::schema()),
            parameter(
                "search",
                "Part of what the list is searched in.",
                SearchFilter::schema(),
            ),
            parameter(
                "ordering",
                "By name when not sent; `-` before a column for descending.",
                Ordering::<C>::schema(),
            ),
        ]
    }
}
