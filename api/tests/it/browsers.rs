//! What browsers are told, and which names they may use.

use reqwest::StatusCode;
use test_case::test_case;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::kit::{Service, within};

/// The first line of the answer to a request with these header lines.
async fn asked(service: &Service, target: &str, lines: &str) -> String {
    let mut stream = TcpStream::connect(service.address).await.unwrap();
    let request = format!("GET {target} HTTP/1.1\r\n{lines}Connection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    within("it is answered", stream.read_to_string(&mut answer)).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let code = body.contains("\"wrong_host\"");
    assert_eq!(head.starts_with("HTTP/1.1 421"), code, "{answer}");
    head.split(' ').nth(1).unwrap().to_owned()
}

#[test_case("/api/v1/languages", "Host: localhost\r\n" => "200")]
#[test_case("/api/v1/languages", "Host: localhost:3000\r\n" => "200")]
#[test_case("/api/v1/languages", "Host: 127.0.0.1:3000\r\n" => "200")]
#[test_case("/api/v1/languages", "Host: [::1]:3000\r\n" => "200")]
#[test_case("/api/v1/languages", "Host: judge.example\r\n" => "200"; "listed")]
#[test_case("/api/v1/languages", "" => "200"; "no browser leaves it out")]
#[test_case("/api/v1/languages", "Host: evil.example\r\n" => "421")]
#[test_case("/api/v1/languages", "Host: evil.example:3000\r\n" => "421"; "with the right port")]
#[test_case("/api/v1/languages", "Host: localhost.evil.example\r\n" => "421")]
#[test_case("/api/v1/languages", "Host: 192.0.2.1:3000\r\n" => "421"; "an address of the network")]
#[test_case("/api/v1/languages", "Host: \r\n" => "421"; "empty")]
#[test_case("/api/v1/languages", "Host: \u{e9}.example\r\n" => "421"; "no ascii")]
#[test_case("/api/v1/languages", "Host: localhost\r\nHost: evil.example\r\n" => "421"; "two")]
#[test_case("http://evil.example/api/v1/languages", "Host: localhost\r\n" => "421"; "in the target")]
#[test_case("/healthz", "Host: evil.example\r\n" => "421"; "probes")]
#[test_case("/docs/", "Host: evil.example\r\n" => "421"; "pages")]
#[tokio::test]
async fn without_keys_only_names_of_this_machine_are_answered(target: &str, lines: &str) -> String {
    let service = Service::with(|config| config.api.hosts = vec!["Judge.example".into()]).await;
    asked(&service, target, lines).await
}

/// A page of another name has no key to send.
#[tokio::test]
async fn with_keys_any_name_is_answered() {
    let service = Service::with(|config| config.api.keys = vec!["the-one-key-of-this-test".into()]).await;
    let lines = "Host: judge.example\r\nAuthorization: Bearer the-one-key-of-this-test\r\n";
    assert_eq!(asked(&service, "/api/v1/languages", lines).await, "200");
    assert_eq!(asked(&service, "/api/v1/languages", "Host: judge.example\r\n").await, "401");
}

#[tokio::test]
async fn every_answer_forbids_what_it_does_not_need() {
    let service = Service::start().await;
    for path in ["/healthz", "/api/v1/languages", "/nowhere", "/docs/", "/docs/swagger-ui.css"] {
        let answer = service.get(path).await;
        let policy = answer.header("content-security-policy");
        for part in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"]
        {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert_eq!(policy.contains("script-src 'self'"), path.starts_with("/docs/"), "{path}");
        assert!(!policy.contains("unsafe-eval") && !policy.contains('*'), "{path}: {policy}");
        let others = ["x-content-type-options", "x-frame-options", "referrer-policy"];
        assert_eq!(others.map(|name| answer.header(name)), ["nosniff", "DENY", "no-referrer"], "{path}");
    }
}

/// The policy holds for the page as it is: whatever it loads or runs is a file of its own.
#[tokio::test]
async fn the_documentation_needs_nothing_that_is_forbidden() {
    let service = Service::start().await;
    let page = service.get("/docs/").await.text;
    for script in page.split("<script").skip(1) {
        let (tag, rest) = script.split_once('>').unwrap();
        assert!(tag.contains("src=\"./") && rest.trim_start().starts_with("</script>"), "{tag}");
    }
    for forbidden in ["<style", "onload=", "onclick=", "javascript:", "https://", "http://"] {
        assert!(!page.contains(forbidden), "{forbidden}: {page}");
    }
    let paths = page.split(['"', '\'']).filter_map(|part| part.strip_prefix("./"));
    for path in paths.chain(["swagger-initializer.js"]) {
        assert_eq!(service.get(&format!("/docs/{path}")).await.status, StatusCode::OK, "{path}");
    }
}
