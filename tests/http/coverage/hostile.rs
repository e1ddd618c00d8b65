//! Bodies that nobody sends by mistake: every key of every row gets each of them, and nothing happens.

use savdo_api::routes::{self, Route};
use savdo_persistence::on_both;
use savdo_tests::{Answer, Client, Server};
use serde_json::{Value, json};

use super::nulls::{document, keys};
use super::stock::{Stocked, stocked};
use super::{Sample, send};

/// What stands for the value of a key until the bytes are put there.
const PLACE: &str = "@@here@@";

/// Values that no key takes, whatever its type, as bytes.
fn values() -> Vec<Vec<u8>> {
    let plain = [
        "-1",
        "1e3",
        "1e999",
        "9223372036854775808",
        "NaN",
        "Infinity",
        r#""\ud800""#,
        r#""a\u0000b""#,
        r#"{"$ne": null}"#,
    ];
    let mut values: Vec<Vec<u8>> = plain.map(|value| value.as_bytes().to_vec()).into();
    values.push(vec![b'9'; 10_000]);
    values.push([vec![b'['; 100_000], vec![b']'; 100_000]].concat());
    values.push(b"\"\xff\xfe\"".to_vec());
    values
}

/// The body with these bytes in the place of one value.
fn replaced(body: &Value, bytes: &[u8]) -> Vec<u8> {
    let text = body.to_string();
    let (before, after) = text.split_once(&format!("\"{PLACE}\"")).unwrap();
    [before.as_bytes(), bytes, after.as_bytes()].concat()
}

/// The rows that take a body, with a good one.
fn rows(stocked: &Stocked) -> Vec<(Route, Sample, Value)> {
    let all = routes::all().into_iter().filter(|route| !route.path.contains("logout"));
    all.map(|route| {
        let sample = Sample::of_route(&route);
        let body = serde_json::from_slice(&sample.body(&stocked.ids)).unwrap_or_default();
        (route, sample, body)
    })
    .filter(|(route, _, body): &(Route, Sample, Value)| route.operation.request_body.is_some() && body.is_object())
    .collect()
}

fn owner(server: &Server, stocked: &Stocked) -> Client {
    server.client_of(&server.world.again(&stocked.shop.owner)).unnoted()
}

fn check_refused(answer: &Answer, what: &str) {
    assert!(
        (400..500).contains(&answer.status),
        "{what} => {} {}",
        answer.status,
        answer.text
    );
}

on_both! {
    /// Cases 33, 36, 73, 75 and 76 of the abuse cases.
    fn values_that_no_key_takes_are_refused_at_every_key_of_every_body(database: TestDatabase) {
        let server = Server::unlimited(database);
        let stocked = stocked(&server);
        let client = owner(&server, &stocked);
        let document = document();
        let before = server.world.database.dump();

        let mut blamed = 0;
        for (route, sample, body) in rows(&stocked) {
            let operation = &document["paths"][&route.main_path()][route.method.as_str().to_lowercase()];
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            let path = sample.address(&route.path, &stocked.ids);
            for key in keys(&document, schema, "", &body) {
                let mut body = body.clone();
                body.pointer_mut(&key.parent).unwrap()[&key.name] = json!(PLACE);
                for value in values() {
                    let answer = send(&client, route.method.as_str(), &path, &replaced(&body, &value));
                    let shown = String::from_utf8_lossy(value.get(..20).unwrap_or(&value)).into_owned();
                    check_refused(&answer, &format!("{} {path}: {}/{} {shown}", route.method, key.parent, key.name));
                    blamed += usize::from(answer.status == 400);
                }
            }
        }

        assert!(blamed > 1_000, "{blamed}");
        assert!(server.world.database.dump() == before, "something changed");
    }

    /// Cases 74 and 77 of the abuse cases.
    fn a_body_that_is_not_one_plain_object_of_json_is_refused_by_every_row(database: TestDatabase) {
        let server = Server::unlimited(database);
        let stocked = stocked(&server);
        let client = owner(&server, &stocked);
        let before = server.world.database.dump();

        for (route, sample, body) in rows(&stocked) {
            let (method, path) = (route.method.as_str(), sample.address(&route.path, &stocked.ids));
            let body = body.to_string();
            let twice = body.replacen('{', "{\"description\":\"bir\",\"description\":\"ikki\",", 1);
            for wrong in [
                twice.into_bytes(),
                [b"\xef\xbb\xbf".as_slice(), body.as_bytes()].concat(),
                format!("{body} x").into_bytes(),
                format!("[{body}]").into_bytes(),
                b"7".to_vec(),
                b"null".to_vec(),
            ] {
                let shown = String::from_utf8_lossy(wrong.get(..40).unwrap_or(&wrong)).into_owned();
                check_refused(&send(&client, method, &path, &wrong), &format!("{method} {path}: {shown}"));
            }
            for kind in ["text/plain", "application/xml", "application/x-www-form-urlencoded"] {
                let answer = client.with_header("content-type", kind).send(method, &path, Some(body.as_bytes()));
                assert_eq!(answer.status, 415, "{method} {path} as {kind}: {}", answer.text);
            }
            let packed = client.with_header("content-type", "application/json").with_header("content-encoding", "gzip");
            let answer = packed.send(method, &path, Some(body.as_bytes()));
            assert_eq!(answer.status, 415, "{method} {path} packed: {}", answer.text);
        }

        assert!(server.world.database.dump() == before, "something changed");
    }
}
