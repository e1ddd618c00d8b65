//! The worker, within a server and as a process of its own.

use tempfile::TempDir;

use crate::{FREE_PORT, Serving, refusal, run, savdo};

#[test]
fn a_server_is_its_own_worker_and_sends_what_it_was_asked_for() {
    let folder = TempDir::new().unwrap();
    let mut server = Serving::start(&folder, &[FREE_PORT, ("SAVDO_WORKER__PAUSE_MS", "10")]);
    let register = r#"{"username":"aziza","password":"tong-otguncha-7","password2":"tong-otguncha-7",
        "phone1":"901234567","email":"aziza@savdo.uz"}"#;

    let registered = server.post("/api/v1/auth/register/", register);
    let asked = server.post("/api/v1/auth/send-reset-email/", r#"{"email":"aziza@savdo.uz"}"#);
    let letter = server.wait_for(|event| event["message"] == "A letter to aziza@savdo.uz: Parolni tiklash");
    let (ended, _) = server.terminate();

    assert_eq!((registered, asked), (201, 200));
    let text = letter["text"].as_str().unwrap();
    assert!(text.contains("http://localhost:3000/reset-password/1/"), "{text}");
    assert_eq!(ended.code(), Some(0));
}

#[test]
fn a_worker_alone_needs_the_tables_and_stops_in_order() {
    let folder = TempDir::new().unwrap();
    let without = run(&folder, &["worker"], &[]);
    assert_eq!(
        refusal(&without),
        (
            Some(1),
            "savdo: sqlite:data/savdo.db does not exist; run savdo migrate".to_owned()
        )
    );
    assert!(run(&folder, &["migrate"], &[]).status.success());

    let mut worker = Serving::spawn(savdo(&folder, &["worker"], &[]));
    worker.wait_for(|event| event["message"] == "The worker of Savdo is at work");
    let second = run(&folder, &["worker"], &[]);
    let (ended, log) = worker.terminate();

    assert_eq!(
        refusal(&second),
        (
            Some(1),
            "savdo: another server uses sqlite:data/savdo.db; stop it first".to_owned()
        )
    );
    assert_eq!(ended.code(), Some(0));
    assert_eq!(log.last().unwrap()["message"], "The worker of Savdo stopped");
}
