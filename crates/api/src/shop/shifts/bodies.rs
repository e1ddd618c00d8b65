//! What is asked of shifts.

use savdo_domain::ids::{LocationId, ShiftId};
use savdo_domain::shift::ShiftStatus;
use savdo_services::Period;
use savdo_services::shifts::{CloseShift, ListShifts, OpenShift, ShiftColumn};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::extract::{
    CodeInput, CodesFilter, DateInput, IdFilter, IdInput, MoneyInput, Ordering, PageQuery, TextInput,
};
use crate::paper::PaperFormat;

/// Which shifts are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ShiftsQuery {
    /// `open`, `closed`, or both, as when not sent.
    #[param(schema_with = CodesFilter::<ShiftStatus>::schema)]
    status: Option<CodesFilter<ShiftStatus>>,
    /// In this branch.
    #[param(inline)]
    branch: Option<IdFilter>,
    /// Begun on this day of the store or later.
    #[param(inline)]
    date_from: Option<DateInput>,
    /// Begun on this day or before.
    #[param(inline)]
    date_to: Option<DateInput>,
    /// By `id`, `start_time`; `-` before one for descending; `-start_time` when not sent.
    #[param(schema_with = Ordering::<ShiftColumn, false>::schema)]
    ordering: Option<Ordering<ShiftColumn, false>>,
}

impl ShiftsQuery {
    pub(super) fn into_query(self, page: &PageQuery) -> ListShifts {
        ListShifts {
            period: Period {
                day: None,
                from: self.date_from.map(|day| day.0),
                to: self.date_to.map(|day| day.0),
            },
            branch: self.branch.map(|id| LocationId::new(id.0)),
            statuses: self.status.map(|codes| codes.0).unwrap_or_default(),
            sort: self.ordering.map(|ordering| ordering.0).unwrap_or_default(),
            page: page.page(),
        }
    }
}

/// As what a report is wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ReportQuery {
    /// `pdf` for paper; JSON when left out.
    #[param(schema_with = CodeInput::<PaperFormat>::schema)]
    format: Option<CodeInput<PaperFormat>>,
}

impl ReportQuery {
    pub(super) fn on_paper(&self) -> Option<PaperFormat> {
        self.format.as_ref().map(|format| format.0)
    }
}

/// A shift to be opened.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct ShiftBody {
    /// An active branch; the worker's own when left out.
    branch: Option<IdInput>,
    /// What lies in the drawer: nothing when left out, where the store does not want it counted.
    cash_start: Option<MoneyInput>,
    /// Up to 1000 characters.
    #[validate(length(max = 1000))]
    description: Option<TextInput>,
}

impl ShiftBody {
    pub(super) fn into_command(self) -> OpenShift {
        OpenShift {
            branch: self.branch.map(|id| LocationId::new(id.0)),
            cash_start: self.cash_start.map(|amount| amount.0),
            description: self.description.unwrap_or_default().0,
        }
    }
}

/// The end of a shift.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct CloseShiftBody {
    /// What was counted in the drawer.
    cash_end: Option<MoneyInput>,
    /// Another name of `cash_end`, which counts before it.
    cash_counted: Option<MoneyInput>,
    /// Up to 1000 characters, put behind the remark that the shift was opened with.
    #[validate(length(max = 1000))]
    description: Option<TextInput>,
}

impl CloseShiftBody {
    pub(super) fn into_command(self, id: ShiftId) -> CloseShift {
        CloseShift {
            id,
            cash_end: self.cash_end.or(self.cash_counted).map(|amount| amount.0),
            description: self.description.unwrap_or_default().0,
        }
    }
}
