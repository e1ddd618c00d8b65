//! The words of messages (pharmacy.md 2.11).

use actix_web::{HttpRequest, HttpResponse, web};
use savdo_domain::access::{Actor, Effect, Right};
use savdo_domain::account::Language;
use savdo_domain::coded::Coded;
use savdo_domain::ids::{StoreId, TemplateId};
use savdo_domain::notice::{Channel, NoticeType};
use savdo_domain::{FieldErrors, FieldProblem};
use savdo_services::Context;
use savdo_services::notice_templates::{self, ChangeTemplate, CreateTemplate, ListTemplates, TemplateView};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::extract::{
    Body, CodeInput, FlagInput, IdFilter, IdInput, InLanguage, Keyed, MaybeKey, PageQuery, Patch, PathId, PharmacyPage,
    Query, TextInput,
};
use crate::guards::SignedIn;
use crate::problem::Problem;
use crate::reply::PageReply;
use crate::routes::Route;
use crate::{blocking, messages, reply, route};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        route!(May(Right::Templates(Effect::Reads)), pharmacy::templates; list),
        route!(May(Right::Templates(Effect::Writes)), pharmacy::templates; create).once(),
        route!(May(Right::Templates(Effect::Reads)), pharmacy::templates; view),
        route!(May(Right::Templates(Effect::Writes)), pharmacy::templates; replace),
        route!(May(Right::Templates(Effect::Writes)), pharmacy::templates; change),
        route!(May(Right::Templates(Effect::Writes)), pharmacy::templates; remove),
    ]
}

/// Which words a list shows.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TemplateQuery {
    /// The store.
    #[param(inline)]
    store: Option<IdFilter>,
}

/// Words to be made.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct TemplateBody {
    /// The store, which only an admin of the installation names; null for the installation itself.
    store: Option<IdInput>,
    /// What they tell; no code of a store's own.
    #[validate(required)]
    #[schema(required, schema_with = CodeInput::<NoticeType>::schema)]
    notification_type: Option<CodeInput<NoticeType>>,
    /// Over which channel.
    #[validate(required)]
    #[schema(required, schema_with = CodeInput::<Channel>::schema)]
    channel: Option<CodeInput<Channel>>,
    /// In which language.
    #[validate(required)]
    #[schema(required, schema_with = CodeInput::<Language>::schema)]
    language: Option<CodeInput<Language>>,
    /// 1 to 1000 characters, with the places of its type in braces.
    #[validate(required, length(min = 1, max = 1000))]
    #[schema(required, nullable = false)]
    template_text: Option<TextInput>,
    /// true when not sent.
    is_active: Option<FlagInput>,
}

/// Words as they are to be; what they are the words of stays.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct TemplatePutBody {
    /// 1 to 1000 characters, with the places of its type in braces.
    #[validate(required, length(min = 1, max = 1000))]
    #[schema(required, nullable = false)]
    template_text: Option<TextInput>,
    /// true when not sent.
    is_active: Option<FlagInput>,
    /// What they tell: it stays.
    #[serde(default)]
    #[schema(schema_with = CodeInput::<NoticeType>::schema)]
    notification_type: Patch<CodeInput<NoticeType>>,
    /// Over which channel: it stays.
    #[serde(default)]
    #[schema(schema_with = CodeInput::<Channel>::schema)]
    channel: Patch<CodeInput<Channel>>,
    /// In which language: it stays.
    #[serde(default)]
    #[schema(schema_with = CodeInput::<Language>::schema)]
    language: Patch<CodeInput<Language>>,
}

/// A change of words: any of the keys.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct TemplatePatch {
    /// 1 to 1000 characters, with the places of its type in braces.
    #[serde(default)]
    #[validate(length(min = 1, max = 1000))]
    template_text: Patch<TextInput>,
    /// Whether anybody is told so.
    #[serde(default)]
    is_active: Patch<FlagInput>,
    /// What they tell: it stays.
    #[serde(default)]
    #[schema(schema_with = CodeInput::<NoticeType>::schema)]
    notification_type: Patch<CodeInput<NoticeType>>,
    /// Over which channel: it stays.
    #[serde(default)]
    #[schema(schema_with = CodeInput::<Channel>::schema)]
    channel: Patch<CodeInput<Channel>>,
    /// In which language: it stays.
    #[serde(default)]
    #[schema(schema_with = CodeInput::<Language>::schema)]
    language: Patch<CodeInput<Language>>,
}

/// Words of a message.
#[derive(Debug, Serialize, ToSchema)]
pub struct TemplateReply {
    #[schema(value_type = i64)]
    id: TemplateId,
    /// Null for those of the installation.
    #[schema(value_type = Option<i64>)]
    store: Option<StoreId>,
    #[schema(value_type = String)]
    notification_type: NoticeType,
    notification_type_display: String,
    #[schema(value_type = String)]
    channel: Channel,
    channel_display: String,
    #[schema(value_type = String)]
    language: Language,
    template_text: String,
    is_active: bool,
    created_at: String,
    updated_at: String,
}

/// The words that the caller may write: of the store for its owner and managers, all for an admin; by what they
/// tell.
///
/// # Errors
/// 401; 403; 404 past the last page.
#[utoipa::path(get, path = "/api/v1/pharmacy/notification-templates/", tag = "notification templates",
    params(TemplateQuery, PharmacyPage),
    responses(
        (status = 200, description = "A page of words", body = PageReply<TemplateReply>),
        (status = 404, description = "invalid_page"),
    ),
)]
pub async fn list(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    Query(query): Query<TemplateQuery>,
    page: PageQuery,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let query = ListTemplates {
        store: query.store.map(|id| StoreId::new(id.0)),
        page: page.page(),
    };
    let listed = blocking::run(&context, move |context| notice_templates::list(context, &actor, &query)).await?;
    let listed = listed.map(|view| TemplateReply::new(view, language));
    reply::paged(listed, &page, &request)
}

/// Makes words of a store, in place of those of the installation.
///
/// # Errors
/// 400 for fields and for words that are there already; 401; 403.
#[utoipa::path(post, path = "/api/v1/pharmacy/notification-templates/", tag = "notification templates", request_body = TemplateBody, responses(
    (status = 201, description = "The new words", body = TemplateReply),
))]
pub async fn create(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    Keyed(key, Body(body)): Keyed<Body<TemplateBody>>,
) -> Result<HttpResponse, Problem> {
    created(&context, actor, body, key, language).await
}

/// Makes words, however they were sent.
pub(super) async fn created(
    context: &web::Data<Context>,
    actor: Actor,
    body: TemplateBody,
    key: MaybeKey,
    language: Language,
) -> Result<HttpResponse, Problem> {
    let command = body.into_command()?;
    let once = key.answering(move |view| {
        reply::spoken(
            HttpResponse::Created().json(TemplateReply::new(view, language)),
            language,
        )
    });
    reply::once(
        blocking::run(context, move |context| {
            notice_templates::create(context, &actor, command, &once)
        })
        .await?,
    )
}

/// One of them.
///
/// # Errors
/// 401; 403; 404.
#[utoipa::path(get, path = "/api/v1/pharmacy/notification-templates/{id}/", tag = "notification templates",
    params(("id" = i64, Path, description = "The words")),
    responses((status = 200, description = "The words", body = TemplateReply)),
)]
pub async fn view(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
) -> Result<HttpResponse, Problem> {
    let id = TemplateId::new(id);
    let view = blocking::run(&context, move |context| notice_templates::view(context, &actor, id)).await?;
    Ok(reply::found(TemplateReply::new(view, language)))
}

/// Sets words anew; what they are the words of stays.
///
/// # Errors
/// 400 for fields; 401; 403; 404.
#[utoipa::path(put, path = "/api/v1/pharmacy/notification-templates/{id}/", tag = "notification templates",
    request_body = TemplatePutBody,
    params(("id" = i64, Path, description = "The words")),
    responses((status = 200, description = "The words as they are now", body = TemplateReply)),
)]
pub async fn replace(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
    Body(body): Body<TemplatePutBody>,
) -> Result<HttpResponse, Problem> {
    let command = body.into_command()?;
    changed(&context, (actor, TemplateId::new(id)), command, language).await
}

/// Changes words, or switches them on or off.
///
/// # Errors
/// 400 for fields; 401; 403; 404.
#[utoipa::path(patch, path = "/api/v1/pharmacy/notification-templates/{id}/", tag = "notification templates",
    request_body = TemplatePatch,
    params(("id" = i64, Path, description = "The words")),
    responses((status = 200, description = "The words as they are now", body = TemplateReply)),
)]
pub async fn change(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
    Body(body): Body<TemplatePatch>,
) -> Result<HttpResponse, Problem> {
    let command = body.into_command()?;
    changed(&context, (actor, TemplateId::new(id)), command, language).await
}

/// Takes away words of a store: those of the installation hold there again.
///
/// # Errors
/// 401; 403; 404; 409 for words of the installation.
#[utoipa::path(delete, path = "/api/v1/pharmacy/notification-templates/{id}/", tag = "notification templates",
    params(("id" = i64, Path, description = "The words")),
    responses(
        (status = 204, description = "They are gone"),
        (status = 409, description = "default_template"),
    ),
)]
pub async fn remove(
    context: web::Data<Context>,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
) -> Result<HttpResponse, Problem> {
    let id = TemplateId::new(id);
    blocking::run(&context, move |context| notice_templates::remove(context, &actor, id)).await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn changed(
    context: &web::Data<Context>,
    (actor, id): (Actor, TemplateId),
    command: ChangeTemplate,
    language: Language,
) -> Result<HttpResponse, Problem> {
    let view = blocking::run(context, move |context| {
        notice_templates::change(context, &actor, id, command)
    })
    .await?;
    Ok(reply::found(TemplateReply::new(view, language)))
}

impl TemplateBody {
    /// In Uzbek, where no language was sent.
    pub(super) fn or_in_uzbek(self) -> Self {
        Self {
            language: self.language.or(Some(CodeInput(Language::Uzbek))),
            ..self
        }
    }

    fn into_command(self) -> Result<CreateTemplate, Problem> {
        let required = |field| move || Problem::Refused(FieldErrors::one(field, FieldProblem::Required).into());
        Ok(CreateTemplate {
            store: self.store.map(|id| StoreId::new(id.0)),
            notice: self.notification_type.ok_or_else(required("notification_type"))?.0,
            channel: self.channel.ok_or_else(required("channel"))?.0,
            language: self.language.ok_or_else(required("language"))?.0,
            text: self.template_text.ok_or_else(required("template_text"))?.0,
            is_active: self.is_active.is_none_or(|flag| flag.0),
        })
    }
}

impl TemplatePutBody {
    fn into_command(self) -> Result<ChangeTemplate, Problem> {
        let mut errors = FieldErrors::new();
        let command = ChangeTemplate {
            text: self.template_text.map(|text| text.0),
            is_active: Some(self.is_active.is_none_or(|flag| flag.0)),
            notice: code("notification_type", self.notification_type, &mut errors),
            channel: code("channel", self.channel, &mut errors),
            language: code("language", self.language, &mut errors),
        };
        errors.into_result().map_err(|errors| Problem::Refused(errors.into()))?;
        Ok(command)
    }
}

impl TemplatePatch {
    fn into_command(self) -> Result<ChangeTemplate, Problem> {
        let mut errors = FieldErrors::new();
        let command = ChangeTemplate {
            text: self
                .template_text
                .not_null("template_text", &mut errors)
                .map(|text| text.0),
            is_active: self.is_active.not_null("is_active", &mut errors).map(|flag| flag.0),
            notice: code("notification_type", self.notification_type, &mut errors),
            channel: code("channel", self.channel, &mut errors),
            language: code("language", self.language, &mut errors),
        };
        if errors.is_empty() && command == ChangeTemplate::default() {
            errors.add(FieldErrors::NON_FIELD, FieldProblem::Required);
        }
        errors.into_result().map_err(|errors| Problem::Refused(errors.into()))?;
        Ok(command)
    }
}

fn code<C: Coded>(field: &'static str, sent: Patch<CodeInput<C>>, errors: &mut FieldErrors) -> Option<C> {
    sent.not_null(field, errors).map(|code| code.0)
}

impl TemplateReply {
    fn new(view: TemplateView, language: Language) -> Self {
        let zone = view.zone;
        Self {
            id: view.id,
            store: view.store_id,
            notification_type: view.notice,
            notification_type_display: messages::label(language, "notice_type", view.notice),
            channel: view.channel,
            channel_display: messages::label(language, "channel", view.channel),
            language: view.language,
            template_text: view.text,
            is_active: view.is_active,
            created_at: zone.write(view.created_at),
            updated_at: zone.write(view.updated_at),
        }
    }
}
