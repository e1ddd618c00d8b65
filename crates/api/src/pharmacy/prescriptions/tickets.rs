//! The tickets of an answer that may be kept under an idempotency key: they are put in on its way out, so that none is kept, and
//! whoever gets an answer again can look at its pictures.

use actix_web::HttpResponse;
use actix_web::body::{BoxBody, MessageBody};
use savdo_domain::access::Actor;
use savdo_domain::ids::PrescriptionImageId;
use savdo_services::Context;
use savdo_services::prescriptions::{self, Ticket};
use serde_json::{Map, Value};

/// The address of a picture for whoever holds the ticket.
pub(super) fn shown_by(address: &str, ticket: &Ticket) -> String {
    format!("{address}?t={}", ticket.0)
}

/// The answer, its pictures with tickets for the caller.
pub(super) fn put_in(context: &Context, actor: &Actor, answer: HttpResponse) -> HttpResponse {
    answer.map_body(|_, body| match body.try_into_bytes() {
        Ok(bytes) => with_tickets(&bytes, |id| prescriptions::ticket(context, actor, id))
            .map_or_else(|| BoxBody::new(bytes.clone()), BoxBody::new),
        Err(body) => body,
    })
}

fn with_tickets(body: &[u8], ticket: impl Fn(PrescriptionImageId) -> Ticket) -> Option<String> {
    let mut reply: Map<String, Value> = serde_json::from_slice(body).ok()?;
    for name in ["images", "rasmlar"] {
        let images = reply.get_mut(name).and_then(Value::as_array_mut);
        for image in images.into_iter().flatten() {
            let id = image.get("id").and_then(Value::as_i64).map(PrescriptionImageId::new);
            if let (Some(id), Some(Value::String(address))) = (id, image.get_mut("image")) {
                *address = shown_by(address, &ticket(id));
            }
        }
    }
    Some(Value::Object(reply).to_string())
}

#[cfg(test)]
mod tests {
    use savdo_services::prescriptions::Ticket;

    use super::with_tickets;

    #[test]
    fn each_picture_gets_a_ticket_of_its_own_under_both_names() {
        let kept = br#"{"id":1,"images":[{"id":7,"image":"a/7/"},{"id":8,"image":"a/8/"}],"rasmlar":[{"id":7,"image":"a/7/"}]}"#;

        let shown = with_tickets(kept, |id| Ticket(format!("of{id}")));

        let expected = r#"{"id":1,"images":[{"id":7,"image":"a/7/?t=of7"},{"id":8,"image":"a/8/?t=of8"}],"rasmlar":[{"id":7,"image":"a/7/?t=of7"}]}"#;
        assert_eq!(shown.as_deref(), Some(expected));
        assert_eq!(with_tickets(b"no object", |_| Ticket(String::new())), None);
    }
}
