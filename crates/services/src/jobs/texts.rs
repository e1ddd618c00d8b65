//! What short messages say, each in one part.

use savdo_domain::account::{CodePurpose, Language};

/// A code for a phone.
pub(crate) fn code(purpose: CodePurpose, language: Language, code: &str) -> String {
    let text = match (purpose, language) {
        (CodePurpose::Register, Language::Uzbek) => include_str!("../../letters/otp.uz.txt"),
        (CodePurpose::Register, Language::Russian) => include_str!("../../letters/otp.ru.txt"),
        (CodePurpose::Register, Language::English) => include_str!("../../letters/otp.en.txt"),
        (CodePurpose::PasswordReset, Language::Uzbek) => include_str!("../../letters/reset_code.uz.txt"),
        (CodePurpose::PasswordReset, Language::Russian) => include_str!("../../letters/reset_code.ru.txt"),
        (CodePurpose::PasswordReset, Language::English) => include_str!("../../letters/reset_code.en.txt"),
    };
    text.trim_end().replace("{code}", code)
}

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
    use savdo_domain::account::{CodePurpose, Language};
    use savdo_domain::coded::Coded;

    use super::{code, known};

    #[test]
    fn a_short_message_is_one_part_in_every_language() {
        for language in Language::ALL {
            let codes = CodePurpose::ALL
                .iter()
                .map(|purpose| code(*purpose, *language, "123456"));
            for text in codes.chain([known(*language).to_owned()]) {
                let most = if text.is_ascii() { 160 } else { 70 };
                assert!(text.chars().count() <= most, "{text}");
                assert!(!text.contains(['{', '}', '\n']), "{text}");
            }
        }
        assert!(
            CodePurpose::ALL
                .iter()
                .all(|purpose| code(*purpose, Language::Uzbek, "0420").contains(" 0420."))
        );
    }
}
