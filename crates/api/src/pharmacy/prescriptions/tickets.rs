//! The tickets of an answer that may be kept under an idempotency key: they are put in on its way out, so that none is kept, and
//! whoever gets an answer again can look at its pictures.

use actix_web::HttpResponse;
use actix_web::body::{BoxBody, MessageBody};
use savdo_domain::access::Actor;
use savdo_domain::ids::PrescriptionImageId;
use savdo_services::Context;
use savdo_services::prescriptions::{self, Ticket};
use serde_json::Value;

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

/// The same body, its keys where they were: addresses alone are written anew.
fn with_tickets(body: &[u8], ticket: impl Fn(PrescriptionImageId) -> Ticket) -> Option<String> {
    let reply: Value = serde_json::from_slice(body).ok()?;
    let mut written = std::str::from_utf8(body).ok()?.to_owned();
    for image in reply.get("images")?.as_array()? {
        let id = image.get("id").and_then(Value::as_i64).map(PrescriptionImageId::new);
        let address = image.get("image").and_then(Value::as_str);
        if let (Some(id), Some(address)) = (id, address) {
            // A quote inside a text is escaped, so that this is a key and its value wherever it stands.
            let said = |address: &str| format!("\"image\":{}", Value::from(address));
            written = written.replace(&said(address), &said(&shown_by(address, &ticket(id))));
        }
    }
    Some(written)
}

#[cfg(test)]
mod tests {
    use savdo_services::prescriptions::Ticket;

    use super::with_tickets;

    #[test]
    fn each_picture_gets_a_ticket_of_its_own_under_both_names() {
        let kept = br#"{"status":"x","images":[{"id":7,"image":"a/7/"},{"id":8,"image":"a/8/"}],"rasmlar":[{"id":7,"image":"a/7/"}],"id":1}"#;

        let shown = with_tickets(kept, |id| Ticket(format!("of{id}")));

        let expected = r#"{"status":"x","images":[{"id":7,"image":"a/7/?t=of7"},{"id":8,"image":"a/8/?t=of8"}],"rasmlar":[{"id":7,"image":"a/7/?t=of7"}],"id":1}"#;
        assert_eq!(shown.as_deref(), Some(expected));
        assert_eq!(with_tickets(b"no object", |_| Ticket(String::new())), None);
    }
}
