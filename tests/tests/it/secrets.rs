//! No secret is ever said.

use std::time::Duration;

use gavel_testkit::{Rabbit, until};
use serde_json::json;

use crate::process::{ANY_PORT, Gavel};
use crate::rabbit::settings;

const KEY: &str = "a-right-key-of-4711-letters";
const WRONG: &str = "a-wrong-key-of-4712-letters";
const SOURCE: &str = "a-source-of-4713-letters";

#[tokio::test]
async fn no_log_holds_a_key_a_password_or_a_source() {
    let rabbit = Rabbit::new().await;
    let folder = tempfile::tempdir().unwrap();
    let keys = folder.path().join("keys");
    std::fs::write(&keys, format!("{KEY}\n")).unwrap();
    let mut settings = settings(&rabbit);
    settings.extend([
        ("api.bind", ANY_PORT.to_owned()),
        ("api.keys_file", keys.to_str().unwrap().to_owned()),
        ("log.filter", "trace".to_owned()),
    ]);
    let gavel = Gavel::start(&["api"], folder.path(), &settings).api_ready().await;
    let client = reqwest::Client::new();
    let post = async |key: &str| {
        let request = client.post(format!("{}/api/v1/submissions", gavel.url())).bearer_auth(key);
        let body = json!({"language": "python", "source": SOURCE});
        request.json(&body).send().await.unwrap().status().as_u16()
    };
    assert_eq!((post(KEY).await, post(WRONG).await), (202, 401));
    until("both are logged", Duration::from_secs(30), async || {
        let log = gavel.log();
        (log.contains("http.status=202") && log.contains("http.status=401")).then_some(())
    })
    .await;
    let log = gavel.log();
    assert!(log.contains("TRACE"), "{log}");
    let password = rabbit.url.password().unwrap();
    // The tests' RabbitMQ may have a user whose name is the password: only what a login holds is looked for.
    let login = [format!(":{password}@"), format!("\\0{password}"), format!("\\u{{0}}{password}")];
    for secret in [KEY, WRONG, SOURCE].into_iter().chain(login.iter().map(String::as_str)) {
        let line = log.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret}");
    }
    drop(gavel);
    rabbit.remove().await;
}
