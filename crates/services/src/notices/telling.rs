//! Turns an event into messages: one in the list of everybody who is told, and a short message where words for it are switched on.
//!
//! The sink of notices. It writes rows and hands nothing out itself: each short message has a dispatch of its own, so that one that
//! fails resends no other. Doing it twice does nothing the second time.

use chrono::{DateTime, Utc};
use savdo_domain::access::Role;
use savdo_domain::account::Language;
use savdo_domain::coded::Coded;
use savdo_domain::ids::{EventId, NoticeId, OrderId, PrescriptionId};
use savdo_domain::notice::{Channel, Filled, NoticeStatus, NoticeType, Place, built_in, fill, languages};
use savdo_domain::phone::Phone;
use savdo_persistence::dispatches::{self, LeasedView};
use savdo_persistence::notices::templates::{self, TemplateView};
use savdo_persistence::notices::{self, NewNotice, OrderFactsView, Recipient};
use savdo_persistence::{Error as StorageError, Tx, prescriptions};
use serde_json::{Value, json};

use super::codes;
use super::rules::{Audience, Over, Telling, tellings};
use crate::events::Event;
use crate::gateways::Sms;
use crate::jobs::{Sink, Written};
use crate::{Context, Error, Result};

/// Writes what an event has to tell; `false` when nobody is told of it.
pub(crate) fn tell(context: &Context, message: &LeasedView) -> Result<bool> {
    if Event::from_code(&message.event) == Some(Event::CodeRequested) {
        return codes::tell(context, message);
    }
    let payload: Value = serde_json::from_str(&message.payload).unwrap_or_default();
    let told = Event::from_code(&message.event).map(|event| tellings(event, &payload));
    let (Some(told), Some(store_id)) = (told.filter(|told| !told.is_empty()), message.store_id) else {
        return Ok(false);
    };
    let prescription_id = payload.get("prescription_id").and_then(Value::as_i64);
    let prescription_id = prescription_id.map(PrescriptionId::new);
    let order_id = match (payload.get("order_id").and_then(Value::as_i64), prescription_id) {
        (Some(order_id), _) => OrderId::new(order_id),
        (None, None) => OrderId::new(message.subject_id),
        // All words about a prescription speak of its order: of one without, its patient reads in his own list.
        (None, Some(_)) => return Ok(false),
    };
    let event_id = message.event_id;
    let now = context.now();
    context.database().write("notices_write", move |tx| {
        let Some(facts) = notices::order_facts(tx, store_id, order_id)? else {
            return Ok(false);
        };
        let rejection = prescription_id.map(|id| prescriptions::read::rejection(tx, store_id, id));
        let rejection = rejection.transpose()?;
        for telling in &told {
            let told = Told {
                event_id,
                order_id,
                facts: &facts,
                prescription_id,
                reason: rejection.as_ref().unwrap_or(&facts.cancel_reason),
                at: now,
            };
            told.tell(tx, *telling)?;
        }
        Ok::<_, Error>(true)
    })
}

/// The short message that a notification is, or why none goes out.
pub(crate) fn write_text(context: &Context, id: NoticeId, message: &LeasedView) -> Result<Written<Sms>> {
    let found = context
        .database()
        .read("notice_sms", |reader| notices::sms_to_send_unscoped(reader, id))?;
    let Some(found) = found else {
        return Ok(Written::Pointless("nobody wants it any more"));
    };
    let Ok(to) = Phone::parse(&found.phone) else {
        return Ok(Written::Pointless("the account has no phone any more"));
    };
    Ok(Written::Ready(Sms::of(context, message, to, found.message)))
}

/// What is told of, and when.
struct Told<'a> {
    event_id: EventId,
    order_id: OrderId,
    facts: &'a OrderFactsView,
    prescription_id: Option<PrescriptionId>,
    /// Why the order was cancelled, or its prescription rejected.
    reason: &'a str,
    at: DateTime<Utc>,
}

impl Told<'_> {
    fn tell(&self, tx: &mut Tx<'_>, (notice, audience, over): Telling) -> std::result::Result<(), StorageError> {
        let people = match audience {
            Audience::Owner => vec![self.facts.owner.clone()],
            Audience::Courier => self.facts.courier.iter().cloned().collect(),
            Audience::Operators => notices::working(tx, self.facts.store_id, &[Role::Operator])?,
            Audience::Keepers => {
                let roles = [Role::Operator, Role::Manager, Role::Owner];
                notices::working(tx, self.facts.store_id, &roles)?
            }
        };
        if people.is_empty() {
            return Ok(());
        }
        let words = templates::of_type(tx, Some(self.facts.store_id), notice)?;
        for person in people {
            let listed = chosen(&words, Channel::System, person.language).map_or_else(
                || built_in(notice, Channel::System, person.language),
                |words| words.text.as_str(),
            );
            self.insert(tx, &person, (notice, Channel::System, NoticeStatus::Sent), listed)?;
            let texted = match over {
                Over::Every => chosen(&words, Channel::Sms, person.language),
                Over::NotSms | Over::ListAlone => None,
            };
            if let Some(words) = texted.filter(|_| Phone::parse(&person.phone).is_ok()) {
                self.insert(tx, &person, (notice, Channel::Sms, NoticeStatus::Pending), &words.text)?;
            }
        }
        Ok(())
    }

    fn insert(
        &self,
        tx: &mut Tx<'_>,
        person: &Recipient,
        (notice, channel, status): (NoticeType, Channel, NoticeStatus),
        words: &str,
    ) -> std::result::Result<(), StorageError> {
        let Filled { text, missing } = fill(words, |place| self.value(place));
        // A cancelled order often has no reason: that is no fault of anybody.
        for place in missing.into_iter().filter(|place| *place != Place::Reason) {
            tracing::warn!(order.id = %self.order_id, %notice, %place, "Nothing is known for {place} in {notice} of order {}", self.order_id);
        }
        let new = NewNotice {
            event_id: self.event_id,
            user_id: person.user_id,
            store_id: Some(self.facts.store_id),
            notice,
            channel,
            status,
            message: text,
            metadata: self.metadata(notice).to_string(),
            at: self.at,
        };
        let id = notices::insert(tx, &new)?;
        match (id, channel) {
            (Some(id), Channel::Sms) => {
                dispatches::insert_carrying(tx, self.event_id, Some(id), Sink::Sms.code(), self.at)
            }
            (Some(_) | None, Channel::System | Channel::Sms | Channel::Push | Channel::Email) => Ok(()),
        }
    }

    fn value(&self, place: Place) -> Option<String> {
        let facts = self.facts;
        match place {
            Place::OrderId => Some(self.order_id.to_string()),
            Place::TotalPrice => Some(facts.total_price.to_string()),
            Place::Store => Some(facts.store_name.clone()),
            Place::Minutes => Some(facts.payment_minutes.to_string()),
            Place::Courier => facts.courier.as_ref().map(|courier| courier.first_name.clone()),
            Place::Reason => Some(self.reason.to_owned()),
            Place::PaymentId => facts.payment_id.clone(),
            Place::Code => None,
        }
    }

    fn metadata(&self, notice: NoticeType) -> Value {
        if let Some(prescription_id) = self.prescription_id {
            json!({ "order_id": self.order_id, "prescription_id": prescription_id })
        } else if notice.places(Channel::System).contains(&Place::TotalPrice) {
            json!({ "order_id": self.order_id, "total_price": self.facts.total_price })
        } else {
            json!({ "order_id": self.order_id })
        }
    }
}

/// The words in force over a channel: the store's before the installation's, of both those in the wanted language before those in
/// Uzbek. A store's words stand in place of the installation's in their language, also when they are switched off.
pub(super) fn chosen(words: &[TemplateView], channel: Channel, language: Language) -> Option<&TemplateView> {
    let of = |language: Language, is_of_store: bool| {
        words.iter().find(move |words| {
            words.channel == channel && words.language == language && words.store_id.is_some() == is_of_store
        })
    };
    let wanted = languages(language);
    let of_store = || wanted.iter().filter_map(|language| of(*language, true));
    let of_installation = wanted
        .iter()
        .filter(|language| of(**language, true).is_none())
        .filter_map(|language| of(*language, false));
    of_store().chain(of_installation).find(|words| words.is_active)
}
