//! What letters say, in the language of whoever asked for them.
//!
//! A letter is a file: the subject, an empty line, the text with places to be filled. What fills them is escaped where it stands
//! in HTML, and never stands in the subject: no value of a request comes near a header.

use savdo_domain::account::Language;
use savdo_domain::ids::UserId;

const UZBEK: &str = include_str!("../../letters/password_reset.uz.txt");
const RUSSIAN: &str = include_str!("../../letters/password_reset.ru.txt");
const ENGLISH: &str = include_str!("../../letters/password_reset.en.txt");

/// Where a letter for a new password leads to: an address with places for the account and the token.
///
/// It comes from the configuration alone, so that no header of a request can turn a letter's link elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResetLink(String);

/// What is wrong with the address of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LinkProblem {
    /// It does not begin as an address does, or holds what no address holds.
    #[error("is no http:// or https:// address")]
    NotAnAddress,
    /// A place is missing.
    #[error("lacks the place {{uid}} or {{token}}")]
    PlaceMissing,
}

impl ResetLink {
    /// An address such as `https://shop.uz/reset/{uid}/{token}/`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, LinkProblem> {
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let is_address = |rest: &str| {
            let is_allowed = |byte: u8| byte.is_ascii_graphic() && !b"\"<>\\^`|".contains(&byte);
            !rest.is_empty() && !rest.starts_with(['/', '?', '#', '{']) && rest.bytes().all(is_allowed)
        };
        if !rest.is_some_and(is_address) {
            return Err(LinkProblem::NotAnAddress);
        }
        if !text.contains("{uid}") || !text.contains("{token}") {
            return Err(LinkProblem::PlaceMissing);
        }
        Ok(Self(text.to_owned()))
    }

    fn to(&self, user_id: UserId, token: &str) -> String {
        let uid = user_id.to_string();
        self.0.replace("{uid}", &uid).replace("{token}", token)
    }
}

/// A letter in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Words {
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: String,
}

/// The letter with which a new password is set.
pub(crate) fn reset(
    language: Language,
    (user_id, username): (UserId, &str),
    link: &ResetLink,
    token: &str,
    hours: i64,
) -> Words {
    let file = match language {
        Language::Uzbek => UZBEK,
        Language::Russian => RUSSIAN,
        Language::English => ENGLISH,
    };
    let link = link.to(user_id, token);
    let hours = hours.to_string();
    fill(file, &[("{username}", username), ("{hours}", &hours)], &link)
}

fn fill(file: &str, values: &[(&str, &str)], link: &str) -> Words {
    let (subject, text) = file.split_once("\n\n").unwrap_or((file, ""));
    let mut plain = text.to_owned();
    let mut html = escape(text.trim_end());
    for (place, value) in values {
        plain = plain.replace(place, value);
        html = html.replace(place, &escape(value));
    }
    let address = escape(link);
    let html = html.replace("{link}", &format!("<a href=\"{address}\">{address}</a>"));
    let paragraphs: Vec<String> = html.split("\n\n").map(|text| format!("<p>{text}</p>\n")).collect();
    Words {
        subject: subject.to_owned(),
        text: plain.replace("{link}", link),
        html: paragraphs.concat(),
    }
}

fn escape(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    escaped.replace('"', "&quot;").replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use savdo_domain::account::Language;
    use savdo_domain::coded::Coded;
    use savdo_domain::ids::UserId;

    use super::{LinkProblem, ResetLink, fill, reset};

    #[test]
    fn a_letter_is_in_the_language_of_its_reader() {
        let link = ResetLink::parse("https://shop.uz/reset/{uid}/{token}/?a=1&b=2").unwrap();

        let letters: Vec<_> = Language::ALL
            .iter()
            .map(|language| reset(*language, (UserId::new(7), "ali"), &link, "tok_en", 24))
            .collect();

        let subjects: Vec<_> = letters.iter().map(|letter| letter.subject.as_str()).collect();
        assert_eq!(
            subjects,
            ["Parolni tiklash", "Восстановление пароля", "Reset your password"]
        );
        for letter in letters {
            assert!(!letter.text.contains('{') && !letter.html.contains('{'), "{letter:?}");
            assert!(letter.text.contains("\nhttps://shop.uz/reset/7/tok_en/?a=1&b=2\n"));
            let address = "https://shop.uz/reset/7/tok_en/?a=1&amp;b=2";
            assert!(
                letter
                    .html
                    .contains(&format!("<p><a href=\"{address}\">{address}</a></p>"))
            );
            assert!(letter.text.contains(" ali ") && letter.text.contains("24"));
        }
    }

    #[test]
    fn what_fills_a_place_stays_text() {
        let words = fill(
            "Subject\n\nHello {name}\n\n{link}\n",
            &[("{name}", "<b>\"A\" & 'B'</b>\r\nBcc: x@y.z")],
            "http://a.b/",
        );

        assert_eq!(words.subject, "Subject");
        assert_eq!(
            words.html,
            "<p>Hello &lt;b&gt;&quot;A&quot; &amp; &#39;B&#39;&lt;/b&gt;\r\nBcc: x@y.z</p>\n\
             <p><a href=\"http://a.b/\">http://a.b/</a></p>\n"
        );
    }

    #[test]
    fn an_address_that_is_none_or_lacks_a_place_is_refused() {
        let problem = |text: &str| ResetLink::parse(text).err();

        assert_eq!(problem("http://localhost:3000/{uid}/{token}"), None);
        for text in [
            "",
            "shop.uz/{uid}/{token}",
            "https:///{uid}/{token}",
            "ftp://a/{uid}{token}",
            "https://a b/{uid}{token}",
            "https://a/\n{uid}{token}",
            "https://a\"/{uid}{token}",
        ] {
            assert_eq!(problem(text), Some(LinkProblem::NotAnAddress), "{text}");
        }
        assert_eq!(problem("https://shop.uz/{uid}/"), Some(LinkProblem::PlaceMissing));
        assert_eq!(problem("https://shop.uz/{token}/"), Some(LinkProblem::PlaceMissing));
    }
}
