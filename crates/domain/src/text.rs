//! Text as people type it, and the keys by which it is compared and found.
//!
//! `clean` is what is stored and shown. `name_key` decides whether two names are the same and how they are ordered;
//! `search_key` is for search alone, where Cyrillic and Latin spellings meet. Keys are stored beside the text and compared
//! bytewise, because the two databases fold and collate differently. Passwords never pass through here.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::fields::FieldProblem;

/// The most characters that a slug has.
pub const SLUG_LENGTH_MAX: usize = 200;

/// How one apostrophe of Uzbek Latin is typed: all of these are the same letter sign.
const APOSTROPHES: [char; 6] = ['\'', '\u{02BB}', '\u{02BC}', '\u{2018}', '\u{2019}', '`'];

/// Trimmed and in normal form NFKC; inner line breaks stay.
///
/// # Errors
/// [`FieldProblem::InvalidFormat`] for a text with NUL.
pub fn clean(text: &str) -> Result<String, FieldProblem> {
    if text.contains('\0') {
        return Err(FieldProblem::InvalidFormat);
    }
    Ok(text.nfkc().collect::<String>().trim().to_owned())
}

/// As [`clean`], with each run of white space inside made one space, and without what nobody sees.
///
/// # Errors
/// As [`clean`].
pub fn clean_name(text: &str) -> Result<String, FieldProblem> {
    clean(&seen(text)).map(|name| collapsed(&name))
}

/// The key under which names are unique and ordered: NFKC, lower case, apostrophes alike, white space collapsed, nothing that
/// is not seen.
#[must_use]
pub fn name_key(text: &str) -> String {
    let lower = seen(text).nfkc().collect::<String>().to_lowercase();
    let alike = |letter| if APOSTROPHES.contains(&letter) { '\'' } else { letter };
    collapsed(&lower.nfkc().map(alike).collect::<String>())
}

/// The key by which text is found: [`name_key`] with Uzbek and Russian Cyrillic written in Latin.
///
/// Each letter is written the same wherever it stands, so that any part of a word finds the word.
#[must_use]
pub fn search_key(text: &str) -> String {
    let mut written = String::new();
    for letter in name_key(text).chars() {
        match latin(letter) {
            Some(latin) => written.push_str(latin),
            None => written.push(letter),
        }
    }
    name_key(&written)
}

/// The search keys of several columns as one text, each after a line break and a space.
///
/// A space before a query thus finds the beginning of a word in any column, and no query matches across two of them.
#[must_use]
pub fn search_text(columns: &[&str]) -> String {
    columns
        .iter()
        .map(|column| search_key(column))
        .filter(|key| !key.is_empty())
        .map(|key| format!("\n {key}"))
        .collect()
}

/// The text as part of an address: `a-z`, `0-9` and single dashes between, at most `length_max` characters.
///
/// Cyrillic is written in Latin, accents and apostrophes are dropped. Empty when no letter can be written so.
#[must_use]
pub fn slug(text: &str, length_max: usize) -> String {
    let mut slug = String::new();
    for letter in search_key(text)
        .nfkd()
        .filter(|letter| *letter != '\'' && !is_combining_mark(*letter))
    {
        if letter.is_ascii_alphanumeric() {
            slug.push(letter);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(length_max);
    slug.trim_end_matches('-').to_owned()
}

/// The text without characters that have no width or turn the direction of writing: with them two names look like one, and a
/// name like another.
fn seen(text: &str) -> String {
    text.chars().filter(|letter| !is_unseen(*letter)).collect()
}

const fn is_unseen(letter: char) -> bool {
    matches!(
        letter,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{180E}' | '\u{FEFF}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
    )
}

fn collapsed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A lower-case Cyrillic letter of Uzbek or Russian in the Latin of Uzbek; `None` for any other character.
fn latin(letter: char) -> Option<&'static str> {
    Some(match letter {
        'а' => "a",
        'б' => "b",
        'в' => "v",
        'г' => "g",
        'ғ' => "g'",
        'д' => "d",
        'е' | 'э' => "e",
        'ё' => "yo",
        'ж' => "j",
        'з' => "z",
        'и' | 'ы' => "i",
        'й' => "y",
        'к' => "k",
        'қ' => "q",
        'л' => "l",
        'м' => "m",
        'н' => "n",
        'о' => "o",
        'ў' => "o'",
        'п' => "p",
        'р' => "r",
        'с' => "s",
        'т' => "t",
        'у' => "u",
        'ф' => "f",
        'х' => "x",
        'ҳ' => "h",
        'ц' => "ts",
        'ч' => "ch",
        'ш' | 'щ' => "sh",
        'ъ' => "'",
        'ь' => "",
        'ю' => "yu",
        'я' => "ya",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

    use super::{SLUG_LENGTH_MAX, clean, clean_name, name_key, search_key, search_text, slug};
    use crate::fields::FieldProblem;

    #[test]
    fn text_is_trimmed_and_normalised_but_keeps_its_lines() {
        assert_eq!(clean("\u{A0} ﬁrst \n second\t"), Ok("first \n second".to_owned()));
        assert_eq!(clean_name("  Non \t va\u{A0}\n tuz "), Ok("Non va tuz".to_owned()));
        assert_eq!(clean("a\0b"), Err(FieldProblem::InvalidFormat));
        assert_eq!(clean_name("\0"), Err(FieldProblem::InvalidFormat));
    }

    #[test]
    fn every_apostrophe_names_the_same_thing() {
        for name in ["O'g'it", "OʻGʻIT", "oʼgʼit", "o‘g‘it", "O’g’IT", "o`g`it"] {
            assert_eq!(name_key(name), "o'g'it", "{name}");
        }
    }

    /// Case 95 of the abuse cases.
    #[test]
    fn what_nobody_sees_makes_no_other_name_and_is_none_by_itself() {
        for unseen in [
            "\u{AD}", "\u{34F}", "\u{61C}", "\u{180E}", "\u{200B}", "\u{200D}", "\u{200F}", "\u{202E}", "\u{2060}",
            "\u{2066}", "\u{FEFF}",
        ] {
            for name in [
                format!("O'z{unseen}bek dori"),
                format!("{unseen}O'zbek {unseen} dori{unseen}"),
            ] {
                assert_eq!(clean_name(&name), Ok("O'zbek dori".to_owned()), "{unseen:?}");
                assert_eq!(name_key(&name), "o'zbek dori", "{unseen:?}");
            }
            assert_eq!(clean_name(&format!(" {unseen} ")), Ok(String::new()), "{unseen:?}");
            assert_eq!(
                clean(&format!("bir{unseen}ikki")),
                Ok(format!("bir{unseen}ikki")),
                "a text is left as it is"
            );
            let parted = format!("e{unseen}\u{301}");
            assert_eq!(
                (clean_name(&parted), name_key(&parted)),
                (Ok("é".to_owned()), "é".to_owned()),
                "{unseen:?}"
            );
        }
    }

    #[test]
    fn cyrillic_finds_latin() {
        assert_eq!(search_key("дори"), search_key("Dori"));
        assert_eq!(search_key("Ўзбек қоғози, ҳўл"), "o'zbek qog'ozi, ho'l");
        assert_eq!(search_key("Шприц ЧУҚУР ёғ жўка"), "shprits chuqur yog' jo'ka");
        assert_eq!(
            search_key("щётка объём мышь экран юла яблоко"),
            "shyotka ob'yom mish ekran yula yabloko"
        );
        assert_eq!(search_key("и\u{306}од"), "yod");
    }

    #[test]
    fn columns_are_found_by_the_beginning_of_a_word_and_never_across() {
        let text = search_text(&["Аспирин  Кардио", "", "SKU-7"]);

        assert_eq!(text, "\n aspirin kardio\n sku-7");
    }

    #[test]
    fn a_slug_is_made_of_latin_letters_digits_and_dashes() {
        assert_eq!(
            slug("Парацетамол 500мг №10  PAR-500", SLUG_LENGTH_MAX),
            "paratsetamol-500mg-no10-par-500"
        );
        assert_eq!(slug("  G‘alla -- Café (1/2) ", SLUG_LENGTH_MAX), "galla-cafe-1-2");
        assert_eq!(slug("茶", SLUG_LENGTH_MAX), "");
        assert_eq!(slug("abc def", 4), "abc");
        assert_eq!(slug(&"щ".repeat(300), SLUG_LENGTH_MAX).len(), 200);
    }

    proptest! {
        // Law: cleaning and folding what is already clean or folded changes nothing.
        #[test]
        fn keys_of_keys_are_the_keys(text in any::<String>()) {
            let key = name_key(&text);
            let search = search_key(&text);

            prop_assert_eq!(name_key(&key), key);
            prop_assert_eq!(search_key(&search), search);
            if let Ok(name) = clean_name(&text) {
                prop_assert_eq!(clean_name(&name), Ok(name.clone()));
                prop_assert_eq!(name_key(&name), name_key(&text));
            }
        }

        // Law: the same, where letters, accents, apostrophes and spaces meet.
        #[test]
        fn keys_of_accented_text_are_stable(text in "[A-Za-zА-яЎўҚқҒғҲҳЁёΑ-ώİ\u{300}-\u{308}\u{345}ʻ’` \t]{0,24}") {
            prop_assert_eq!(name_key(&name_key(&text)), name_key(&text));
            prop_assert_eq!(search_key(&search_key(&text)), search_key(&text));
            prop_assert_eq!(slug(&slug(&text, 50), 50), slug(&text, 50));
        }

        // Law: names that differ only in case have one key.
        #[test]
        fn case_never_tells_names_apart(name in "[A-Za-zА-яЎўҚқҒғҲҳЁё'0-9 ]{0,24}") {
            prop_assert_eq!(name_key(&name.to_uppercase()), name_key(&name));
        }

        // Law: any part of a word finds the word, in either alphabet.
        #[test]
        fn a_part_of_a_word_finds_it(before in "[а-яўқғҳёa-z]{0,6}", part in "[а-яўқғҳёa-z]{1,6}", after in "[а-яўқғҳёa-z]{0,6}") {
            let word = search_key(&format!("{before}{part}{after}"));

            prop_assert!(word.contains(&search_key(&part)));
        }

        // Law: a slug has no other characters, no dash at an end, and fits.
        #[test]
        fn a_slug_is_always_well_formed(text in any::<String>(), length_max in 0usize..40) {
            let slug = slug(&text, length_max);

            prop_assert!(slug.len() <= length_max);
            prop_assert!(slug.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'));
            prop_assert!(!slug.starts_with('-') && !slug.ends_with('-') && !slug.contains("--"));
        }
    }
}
