//! What is sent about workers.

use std::collections::BTreeSet;

use savdo_domain::FieldErrors;
use savdo_domain::access::{Role, Section, WorkerStatus};
use savdo_domain::ids::LocationId;
use savdo_services::accounts::{OwnPassword, StaffAccount};
use savdo_services::workers::{
    AssignSections, ChangeOwn, ChangePerson, ChangeWorker, HireWorker, ListWorkers, WorkerColumn,
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::extract::{
    Clearable, CodeInput, CodesFilter, IdFilter, IdInput, MoneyInput, NameInput, Ordering, PageQuery, Patch,
    SearchFilter,
};

/// Which workers a list shows.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct WorkerQuery {
    /// `active,tatil` when not sent.
    #[param(schema_with = CodesFilter::<WorkerStatus>::schema)]
    status: Option<CodesFilter<WorkerStatus>>,
    /// Roles by comma.
    #[param(schema_with = CodesFilter::<Role>::schema)]
    role: Option<CodesFilter<Role>>,
    /// Of this branch.
    #[param(inline)]
    branch: Option<IdFilter>,
    /// Part of first name, last name, user name or phone.
    #[param(inline)]
    search: Option<SearchFilter>,
    /// `id`, `first_name`, `last_name`, `created_on`, `salary`; `-` before one for descending. When not sent: who works, who is on
    /// leave, who left, each by names.
    #[param(schema_with = Ordering::<WorkerColumn>::schema)]
    ordering: Option<Ordering<WorkerColumn>>,
}

/// Somebody to be taken on.
#[derive(Deserialize, Validate, ToSchema)]
pub struct WorkerBody {
    /// 1 to 150 characters.
    #[validate(required, length(min = 1, max = 150))]
    #[schema(required, nullable = false)]
    first_name: Option<NameInput>,
    /// 1 to 150 characters.
    #[validate(required, length(min = 1, max = 150))]
    #[schema(required, nullable = false)]
    last_name: Option<NameInput>,
    /// 3 to 150 ASCII letters, digits and `@.+-_`.
    #[validate(required)]
    #[schema(required, nullable = false)]
    username: Option<String>,
    /// A phone of Uzbekistan.
    #[validate(required)]
    #[schema(required, nullable = false)]
    phone1: Option<String>,
    /// 8 to 128 characters.
    #[validate(required)]
    #[schema(required, nullable = false)]
    password: Option<String>,
    #[validate(required)]
    #[schema(required, schema_with = CodeInput::<Role>::schema)]
    role: Option<CodeInput<Role>>,
    /// An e-mail address, or nothing.
    email: Option<String>,
    /// Another phone, or nothing.
    phone2: Option<String>,
    /// The branch he works in unless told otherwise.
    branch: Option<IdInput>,
    salary: Option<MoneyInput>,
    /// Exactly these sections; those of the role when not sent.
    #[serde(default)]
    #[schema(schema_with = CodeInput::<Section>::list_schema)]
    permissions: Patch<Vec<CodeInput<Section>>>,
}

/// A change of a worker: any of the keys.
#[derive(Deserialize, Validate, ToSchema)]
pub struct WorkerPatch {
    #[serde(default)]
    username: Patch<String>,
    /// An e-mail address, or nothing.
    #[serde(default)]
    email: Patch<String>,
    /// 1 to 150 characters.
    #[serde(default)]
    #[validate(length(min = 1, max = 150))]
    first_name: Patch<NameInput>,
    /// 1 to 150 characters.
    #[serde(default)]
    #[validate(length(min = 1, max = 150))]
    last_name: Patch<NameInput>,
    /// A phone of Uzbekistan.
    #[serde(default)]
    phone1: Patch<String>,
    /// Another phone, or nothing.
    #[serde(default)]
    phone2: Patch<String>,
    /// 8 to 128 characters. Another one ends every token of the worker.
    #[serde(default)]
    password: Patch<String>,
    #[serde(default)]
    #[schema(schema_with = CodeInput::<Role>::schema)]
    role: Patch<CodeInput<Role>>,
    /// Null takes it away.
    #[serde(default)]
    branch: Clearable<IdInput>,
    /// Null is not written down.
    #[serde(default)]
    salary: Clearable<MoneyInput>,
    #[serde(default)]
    #[schema(schema_with = CodeInput::<WorkerStatus>::schema)]
    status: Patch<CodeInput<WorkerStatus>>,
    /// Exactly these sections, relative to the new role.
    #[serde(default)]
    #[schema(schema_with = CodeInput::<Section>::list_schema)]
    permissions: Patch<Vec<CodeInput<Section>>>,
}

/// A change of oneself: any of the keys, those of the password together.
#[derive(Deserialize, Validate, ToSchema)]
pub struct OwnWorkerPatch {
    /// An e-mail address, or nothing.
    #[serde(default)]
    email: Patch<String>,
    /// A phone of Uzbekistan.
    #[serde(default)]
    phone1: Patch<String>,
    /// Another phone, or nothing.
    #[serde(default)]
    phone2: Patch<String>,
    /// 1 to 150 characters.
    #[serde(default)]
    #[validate(length(min = 1, max = 150))]
    first_name: Patch<NameInput>,
    /// 1 to 150 characters.
    #[serde(default)]
    #[validate(length(min = 1, max = 150))]
    last_name: Patch<NameInput>,
    #[serde(default)]
    current_password: Patch<String>,
    /// 8 to 128 characters.
    #[serde(default)]
    new_password: Patch<String>,
    /// The new password once more.
    #[serde(default)]
    new_password2: Patch<String>,
}

/// Sections to be given and taken.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct PermissionsBody {
    /// These too.
    #[serde(default)]
    #[schema(schema_with = CodeInput::<Section>::list_schema)]
    add: Patch<Vec<CodeInput<Section>>>,
    /// These no longer.
    #[serde(default)]
    #[schema(schema_with = CodeInput::<Section>::list_schema)]
    remove: Patch<Vec<CodeInput<Section>>>,
}

fn sections(sent: Patch<Vec<CodeInput<Section>>>, field: &str, errors: &mut FieldErrors) -> Option<BTreeSet<Section>> {
    let sections = sent.not_null(field, errors)?;
    Some(sections.into_iter().map(|section| section.0).collect())
}

impl WorkerQuery {
    pub(super) fn into_query(self, page: &PageQuery) -> ListWorkers {
        ListWorkers {
            statuses: self.status.map_or_else(
                || vec![WorkerStatus::Active, WorkerStatus::OnLeave],
                |statuses| statuses.0,
            ),
            roles: self.role.map(|roles| roles.0).unwrap_or_default(),
            branch: self.branch.map(|id| LocationId::new(id.0)),
            search: self.search.unwrap_or_default().0,
            sort: self.ordering.map(|ordering| ordering.0).unwrap_or_default(),
            page: page.page(),
        }
    }
}

impl WorkerBody {
    /// Whatever is required was there when the body was checked.
    pub(super) fn into_command(self) -> Result<Option<HireWorker>, FieldErrors> {
        let mut errors = FieldErrors::new();
        let sections = sections(self.permissions, "permissions", &mut errors);
        errors.into_result()?;
        let Some(CodeInput(role)) = self.role else {
            return Ok(None);
        };
        let account = StaffAccount {
            username: self.username.unwrap_or_default(),
            password: self.password.unwrap_or_default(),
            phone1: self.phone1.unwrap_or_default(),
            phone2: self.phone2.unwrap_or_default(),
            email: self.email.unwrap_or_default(),
            first_name: self.first_name.unwrap_or_default().0,
            last_name: self.last_name.unwrap_or_default().0,
        };
        Ok(Some(HireWorker {
            account,
            role,
            branch: self.branch.map(|id| LocationId::new(id.0)),
            salary: self.salary.map(|salary| salary.0),
            sections,
        }))
    }
}

impl WorkerPatch {
    pub(super) fn into_command(self) -> Result<ChangeWorker, FieldErrors> {
        let mut errors = FieldErrors::new();
        let command = ChangeWorker {
            person: ChangePerson {
                username: self.username.not_null("username", &mut errors),
                first_name: self.first_name.not_null("first_name", &mut errors).map(|name| name.0),
                last_name: self.last_name.not_null("last_name", &mut errors).map(|name| name.0),
                phone1: self.phone1.not_null("phone1", &mut errors),
                phone2: self.phone2.not_null("phone2", &mut errors),
                email: self.email.not_null("email", &mut errors),
            },
            password: self.password.not_null("password", &mut errors),
            role: self.role.not_null("role", &mut errors).map(|role| role.0),
            status: self.status.not_null("status", &mut errors).map(|status| status.0),
            branch: self.branch.into_change(|id| LocationId::new(id.0)),
            salary: self.salary.into_change(|salary| salary.0),
            sections: sections(self.permissions, "permissions", &mut errors),
        };
        errors.into_result().map(|()| command)
    }
}

impl OwnWorkerPatch {
    pub(super) fn into_command(self) -> Result<ChangeOwn, FieldErrors> {
        let mut errors = FieldErrors::new();
        let person = ChangePerson {
            username: None,
            first_name: self.first_name.not_null("first_name", &mut errors).map(|name| name.0),
            last_name: self.last_name.not_null("last_name", &mut errors).map(|name| name.0),
            phone1: self.phone1.not_null("phone1", &mut errors),
            phone2: self.phone2.not_null("phone2", &mut errors),
            email: self.email.not_null("email", &mut errors),
        };
        let is_password =
            self.current_password.is_sent() || self.new_password.is_sent() || self.new_password2.is_sent();
        let mut password = |sent: Patch<String>, field| sent.required(field, &mut errors).unwrap_or_default();
        let password = is_password.then(|| OwnPassword {
            current: password(self.current_password, "current_password"),
            new: password(self.new_password, "new_password"),
            again: password(self.new_password2, "new_password2"),
        });
        errors.into_result().map(|()| ChangeOwn { person, password })
    }
}

impl PermissionsBody {
    pub(super) fn into_command(self) -> Result<AssignSections, FieldErrors> {
        let mut errors = FieldErrors::new();
        let command = AssignSections {
            add: sections(self.add, "add", &mut errors),
            remove: sections(self.remove, "remove", &mut errors),
        };
        errors.into_result().map(|()| command)
    }
}
