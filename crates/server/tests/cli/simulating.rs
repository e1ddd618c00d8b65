//! What the simulator of payments does not play.

use tempfile::TempDir;

use crate::{SECRET, refusal, run};

#[test]
fn nothing_is_played_in_production_with_real_money_or_without_an_order() {
    let folder = TempDir::new().unwrap();
    let migrated = run(&folder, &["migrate"], &[]);
    assert_eq!(migrated.status.code(), Some(0));
    let play = |provider: &str, variables: &[(&str, &str)]| {
        refusal(&run(&folder, &["simulate", provider, "--order", "7"], variables))
    };
    let production = [
        ("SAVDO_ENVIRONMENT", "production"),
        ("SECRET_KEY", SECRET),
        (
            "SAVDO_FILES__KEY",
            "9c1f0d7be2a94c38ad61fe0b92c7d4e85f0d7c1be2a94c38ad61fe0b92c7d4e8",
        ),
    ];
    let real = [
        ("SAVDO_PAYMENTS__ENVIRONMENT", "production"),
        ("SAVDO_PAYMENTS__PAYME__KEY", ""),
        ("SAVDO_PAYMENTS__CLICK__SECRET_KEY", ""),
    ];

    for provider in ["payme", "click"] {
        let said = "savdo: there is no order 7".to_owned();
        assert_eq!(play(provider, &[]), (Some(1), said), "{provider}");
        let said = "savdo: a played provider pays nothing: never in production".to_owned();
        assert_eq!(play(provider, &production), (Some(1), said), "{provider}");
        let said = "savdo: payments.environment is production: that is real money, which nobody plays with".to_owned();
        assert_eq!(play(provider, &real), (Some(1), said), "{provider}");
    }
}
