//! `savdo payments found`, as an operator meets it.

use tempfile::TempDir;

use crate::{SECRET, refusal, run};

const VARIABLES: [(&str, &str); 1] = [("SECRET_KEY", SECRET)];

#[test]
fn money_that_nobody_can_find_is_named() {
    let folder = TempDir::new().unwrap();
    let found = |arguments: &[&str]| refusal(&run(&folder, &[&["payments", "found"], arguments].concat(), &VARIABLES));
    let unmigrated = found(&["7"]);
    assert_eq!(unmigrated.0, Some(1));
    assert!(
        unmigrated.1.ends_with("does not exist; run savdo migrate"),
        "{}",
        unmigrated.1
    );
    assert_eq!(run(&folder, &["migrate"], &VARIABLES).status.code(), Some(0));

    let none = (Some(1), "savdo: there is no transaction 7".to_owned());
    assert_eq!(found(&["7"]), none);
    assert_eq!(found(&["7", "--amount", "15000.00"]), none);
    for unclear in [
        &[][..],
        &["yetti"],
        &["7", "--amount", "15000.001"],
        &["7", "--amount", "ko'p"],
    ] {
        assert_eq!(found(unclear).0, Some(2), "{unclear:?}");
    }
}
