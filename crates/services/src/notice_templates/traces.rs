//! What the audit log keeps of words.

use savdo_persistence::notices::templates::TemplateView;
use serde_json::{Value, json};

use crate::audit::{self, Action, Entry, Subject};

/// The entry of something done to words; of a change with what they were before.
pub(super) fn entry(action: Action, words: &TemplateView, before: Option<&TemplateView>) -> Entry {
    let done = match (action, before) {
        (Action::Delete, _) => "o'chirildi",
        (_, Some(_)) => "o'zgartirildi",
        (_, None) => "yaratildi",
    };
    let details = match before {
        Some(before) => audit::changes(&told(before), &told(words)),
        None => told(words),
    };
    Entry {
        store_id: words.store_id,
        action,
        subject_type: Subject::Template,
        subject_id: words.id.get(),
        description: format!(
            "Xabar matni {done}: {}, {}, {}",
            words.notice, words.channel, words.language
        ),
        details: Some(details),
    }
}

fn told(words: &TemplateView) -> Value {
    json!({ "text": words.text, "is_active": words.is_active })
}
