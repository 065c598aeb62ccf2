//! Web pages of other origins that call the service from a browser.

use reqwest::{Method, StatusCode};
use serde_json::json;
use test_case::test_case;

use crate::kit::{Answer, Service};

const PAGE: &str = "https://contest.example";

async fn allowing(origins: &[&str]) -> Service {
    let origins = origins.iter().map(|origin| (*origin).to_owned()).collect();
    Service::with(|config| {
        config.api.cors_origins = origins;
        config.api.keys = vec!["secret".into()];
    })
    .await
}

/// What a browser asks before it sends JSON with a key.
async fn preflight(service: &Service, path: &str, method: &str, origin: &str) -> Answer {
    let request = service
        .client
        .request(Method::OPTIONS, service.url(path))
        .header("origin", origin)
        .header("access-control-request-method", method)
        .header("access-control-request-headers", "authorization,content-type");
    Answer::read(request.send().await.unwrap()).await
}

#[test_case("/run", "POST")]
#[test_case("/api/v1/submissions", "POST")]
#[test_case("/api/v1/submissions/01890000-0000-7000-8000-000000000000", "GET")]
#[test_case("/api/v1/problems/sum", "PUT")]
#[test_case("/api/v1/problems/sum", "DELETE"; "delete")]
#[tokio::test]
async fn a_listed_origin_may_call_and_is_told_so_before_it_has_a_key(path: &str, method: &str) {
    let service = allowing(&["http://localhost:8080", PAGE]).await;
    for origin in ["http://localhost:8080", PAGE] {
        let told = preflight(&service, path, method, origin).await;
        assert_eq!(told.status, StatusCode::OK, "{told:?}");
        assert_eq!(told.header("access-control-allow-origin"), origin);
        assert!(told.header("access-control-allow-methods").contains(method), "{told:?}");
        for header in ["authorization", "content-type", "last-event-id"] {
            assert!(told.header("access-control-allow-headers").contains(header), "{told:?}");
        }
        assert!(told.header("vary").contains("origin"), "{told:?}");
        assert!(told.headers.get("access-control-allow-credentials").is_none());
    }
}

#[tokio::test]
async fn every_answer_can_be_read_by_a_listed_page_refusals_too() {
    let service = allowing(&[PAGE]).await;
    let body = json!({"language": "python", "source": ""});
    let post = |key: &'static str| {
        let request = service.client.post(service.url("/api/v1/submissions")).header("origin", PAGE);
        request.bearer_auth(key).json(&body).send()
    };
    let accepted = Answer::read(post("secret").await.unwrap()).await;
    assert_eq!(accepted.status, StatusCode::ACCEPTED);
    let refused = Answer::read(post("wrong").await.unwrap()).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    let nowhere = service.client.get(service.url("/nowhere")).header("origin", PAGE).bearer_auth("secret");
    let nowhere = Answer::read(nowhere.send().await.unwrap()).await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
    for answer in [&accepted, &refused, &nowhere] {
        assert_eq!(answer.header("access-control-allow-origin"), PAGE);
        assert!(answer.header("access-control-expose-headers").contains("location"), "{answer:?}");
    }
}

#[test_case("https://other.example"; "another host")]
#[test_case("http://contest.example"; "another scheme")]
#[test_case("https://contest.example:8443"; "another port")]
#[test_case("https://contest.example.evil.example"; "a longer host")]
#[test_case("null"; "a page without an origin")]
#[tokio::test]
async fn an_origin_that_is_not_listed_is_told_nothing(origin: &str) {
    let service = allowing(&[PAGE]).await;
    let told = preflight(&service, "/run", "POST", origin).await;
    assert_eq!(told.header("access-control-allow-origin"), "", "{told:?}");
    let request = service.client.get(service.url("/healthz")).header("origin", origin);
    let answer = Answer::read(request.send().await.unwrap()).await;
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (StatusCode::OK, ""));
}

#[tokio::test]
async fn a_star_is_every_origin() {
    let service = allowing(&["*"]).await;
    assert_eq!(preflight(&service, "/run", "POST", PAGE).await.header("access-control-allow-origin"), "*");
}

#[tokio::test]
async fn without_a_list_nothing_is_said_of_origins() {
    let service = Service::start().await;
    let told = preflight(&service, "/run", "POST", PAGE).await;
    assert_eq!((told.status, told.code().as_str()), (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed"));
    let request = service.client.get(service.url("/healthz")).header("origin", PAGE);
    let answer = Answer::read(request.send().await.unwrap()).await;
    let said = answer.headers.keys().any(|name| name.as_str().starts_with("access-control"));
    assert!(!said, "{answer:?}");
}
