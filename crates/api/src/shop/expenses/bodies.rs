//! What is sent about expenses.

use savdo_domain::access::RowStatus;
use savdo_domain::expense::Tender;
use savdo_domain::ids::{ExpenseCategoryId, LocationId, ShiftId, WorkerId};
use savdo_domain::{FieldErrors, Refusal};
use savdo_services::Period;
use savdo_services::expenses::{ChangeExpense, CreateExpense, ExpenseColumn, ListExpenses};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::extract::{
    Clearable, CodeInput, CodesFilter, DateInput, FileInput, IdFilter, IdInput, MoneyInput, Ordering, PageQuery, Patch,
    SearchFilter, TextInput,
};
use crate::problem::Problem;

/// Which expenses a list shows.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ExpenseQuery {
    /// The branch.
    #[param(inline)]
    branch: Option<IdFilter>,
    /// The category.
    #[param(inline)]
    category: Option<IdFilter>,
    /// The shift.
    #[param(inline)]
    smena: Option<IdFilter>,
    /// The worker who wrote it down.
    #[param(inline)]
    worker: Option<IdFilter>,
    /// How it was paid.
    #[param(schema_with = CodeInput::<Tender>::schema)]
    payment_type: Option<CodeInput<Tender>>,
    /// `active` when not sent.
    #[param(schema_with = CodesFilter::<RowStatus>::schema)]
    status: Option<CodesFilter<RowStatus>>,
    /// Spent on this day of the store.
    #[param(inline)]
    date: Option<DateInput>,
    /// Spent on this day or later.
    #[param(inline)]
    date_from: Option<DateInput>,
    /// Spent on this day or before.
    #[param(inline)]
    date_to: Option<DateInput>,
    /// Part of the description.
    #[param(inline)]
    search: Option<SearchFilter>,
    /// `id`, `date`, `amount`, `created_on`; `-` before one for descending; `-date,-created_on` when not sent.
    #[param(schema_with = Ordering::<ExpenseColumn>::schema)]
    ordering: Option<Ordering<ExpenseColumn>>,
}

impl ExpenseQuery {
    pub(super) fn into_query(self, page: &PageQuery) -> ListExpenses {
        ListExpenses {
            period: Period {
                day: self.date.map(|day| day.0),
                from: self.date_from.map(|day| day.0),
                to: self.date_to.map(|day| day.0),
            },
            branch: self.branch.map(|id| LocationId::new(id.0)),
            category: self.category.map(|id| ExpenseCategoryId::new(id.0)),
            shift: self.smena.map(|id| ShiftId::new(id.0)),
            worker: self.worker.map(|id| WorkerId::new(id.0)),
            payment_type: self.payment_type.map(|tender| tender.0),
            statuses: self
                .status
                .map_or_else(|| vec![RowStatus::Active], |statuses| statuses.0),
            search: self.search.unwrap_or_default().0,
            sort: self.ordering.map(|ordering| ordering.0).unwrap_or_default(),
            page: page.page(),
        }
    }
}

/// An expense to be written down.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct ExpenseBody {
    /// An active category of the store.
    #[validate(required)]
    #[schema(required, nullable = false)]
    category: Option<IdInput>,
    /// Above zero.
    #[validate(required)]
    #[schema(required, nullable = false)]
    amount: Option<MoneyInput>,
    /// Tomorrow at the latest.
    #[validate(required)]
    #[schema(required, nullable = false)]
    date: Option<DateInput>,
    /// An active branch; the worker's own when left out.
    branch: Option<IdInput>,
    /// `cash` when not sent.
    #[schema(schema_with = CodeInput::<Tender>::schema_or_null)]
    payment_type: Option<CodeInput<Tender>>,
    /// Up to 1000 characters.
    #[validate(length(max = 1000))]
    description: Option<TextInput>,
    /// Its receipt, in a form: a picture or a PDF; in JSON only null.
    #[schema(schema_with = FileInput::schema)]
    receipt_image: Option<FileInput>,
}

impl ExpenseBody {
    /// Whatever is required was there when the body was checked.
    pub(super) fn into_command(self) -> Option<CreateExpense> {
        Some(CreateExpense {
            category: ExpenseCategoryId::new(self.category?.0),
            amount: self.amount?.0,
            day: self.date?.0,
            branch: self.branch.map(|id| LocationId::new(id.0)),
            payment_type: self.payment_type.map(|tender| tender.0).unwrap_or_default(),
            description: self.description.unwrap_or_default().0,
            receipt: self.receipt_image.map(|file| file.0),
        })
    }
}

/// A change of an expense: any of the keys.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct ExpensePatch {
    /// An active category of the store, or the one that it has.
    #[serde(default)]
    category: Patch<IdInput>,
    /// Above zero.
    #[serde(default)]
    amount: Patch<MoneyInput>,
    /// Tomorrow at the latest.
    #[serde(default)]
    date: Patch<DateInput>,
    #[serde(default)]
    #[schema(schema_with = CodeInput::<Tender>::schema)]
    payment_type: Patch<CodeInput<Tender>>,
    /// Up to 1000 characters.
    #[serde(default)]
    #[validate(length(max = 1000))]
    description: Patch<TextInput>,
    /// Its receipt, in a form: a picture or a PDF; in JSON only null, which takes it away.
    #[serde(default)]
    #[schema(schema_with = FileInput::schema)]
    receipt_image: Clearable<FileInput>,
    #[serde(default)]
    #[schema(schema_with = CodeInput::<RowStatus>::schema)]
    status: Patch<CodeInput<RowStatus>>,
}

impl ExpensePatch {
    pub(super) fn into_command(self) -> Result<ChangeExpense, Problem> {
        if self.is_empty() {
            return Err(Problem::Refused(Refusal::EmptyPatch));
        }
        let mut errors = FieldErrors::new();
        let command = ChangeExpense {
            category: self
                .category
                .not_null("category", &mut errors)
                .map(|id| ExpenseCategoryId::new(id.0)),
            amount: self.amount.not_null("amount", &mut errors).map(|amount| amount.0),
            day: self.date.not_null("date", &mut errors).map(|day| day.0),
            payment_type: self
                .payment_type
                .not_null("payment_type", &mut errors)
                .map(|tender| tender.0),
            description: self.description.not_null("description", &mut errors).map(|text| text.0),
            receipt: self.receipt_image.into_change(|file| file.0),
            status: self.status.not_null("status", &mut errors).map(|status| status.0),
        };
        errors.into_result().map_err(|errors| Problem::Refused(errors.into()))?;
        Ok(command)
    }

    /// Whether no known key was sent.
    const fn is_empty(&self) -> bool {
        let Self {
            category,
            amount,
            date,
            payment_type,
            description,
            receipt_image,
            status,
        } = self;
        let is_sent = category.is_sent()
            || amount.is_sent()
            || date.is_sent()
            || payment_type.is_sent()
            || description.is_sent()
            || receipt_image.is_sent()
            || status.is_sent();
        !is_sent
    }
}
