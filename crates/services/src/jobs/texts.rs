//! What short messages say that nobody words but the program, each in one part.

use savdo_domain::account::Language;

/// That a phone has an account already.
pub(crate) fn known(language: Language) -> &'static str {
    let text = match language {
        Language::Uzbek => include_str!("../../letters/account_known.uz.txt"),
        Language::Russian => include_str!("../../letters/account_known.ru.txt"),
        Language::English => include_str!("../../letters/account_known.en.txt"),
    };
    text.trim_end()
}

#[cfg(test)]
mod tests {
    use savdo_domain::account::Language;
    use savdo_domain::coded::Coded;

    use super::known;

    #[test]
    fn a_short_message_is_one_part_in_every_language() {
        for language in Language::ALL {
            let text = known(*language);
            let most = if text.is_ascii() { 160 } else { 70 };
            assert!(text.chars().count() <= most, "{text}");
            assert!(!text.contains(['{', '}', '\n']), "{text}");
        }
    }
}
