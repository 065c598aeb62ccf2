//! The description of the service.

use serde_json::Value;

use crate::kit::Service;

fn described() -> Value {
    serde_json::to_value(gavel_api::openapi()).unwrap()
}

#[test]
fn the_description_changes_only_on_purpose() {
    let mut described = described();
    described["info"]["version"] = "[version]".into();
    insta::assert_json_snapshot!("openapi", described);
}

#[test]
fn it_is_openapi_3_1_and_lists_each_call() {
    let described = described();
    assert!(described["openapi"].as_str().unwrap().starts_with("3.1."));
    let mut calls = Vec::new();
    for (path, methods) in described["paths"].as_object().unwrap() {
        for (method, call) in methods.as_object().unwrap() {
            assert!(call["summary"].is_string(), "{method} {path} has no summary");
            assert!(!call["responses"].as_object().unwrap().is_empty(), "{method} {path} has no answers");
            calls.push(format!("{method} {path}"));
        }
    }
    calls.sort();
    insta::assert_snapshot!(calls.join("\n"), @r#"
    delete /api/v1/problems/{id}
    get /api/v1/languages
    get /api/v1/problems
    get /api/v1/problems/{id}
    get /api/v1/submissions/{id}
    get /healthz
    get /metrics
    get /readyz
    post /api/v1/submissions
    post /run
    put /api/v1/problems/{id}
    "#);
}

#[test]
fn every_reference_leads_somewhere() {
    fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
        match value {
            Value::Object(map) => {
                if let Some(Value::String(reference)) = map.get("$ref") {
                    found.push(reference);
                }
                map.values().for_each(|inner| references(inner, found));
            }
            Value::Array(list) => list.iter().for_each(|inner| references(inner, found)),
            _ => {}
        }
    }
    let described = described();
    let mut found = Vec::new();
    references(&described, &mut found);
    assert!(!found.is_empty());
    for reference in found {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(described.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
}

#[tokio::test]
async fn it_is_served_and_readable() {
    let service = Service::start().await;
    let served = service.get("/openapi.json").await;
    assert_eq!(served.json(), described());
    let page = service.get("/docs/").await;
    assert!(page.header("content-type").starts_with("text/html"), "{page:?}");
    assert!(service.get("/docs/swagger-initializer.js").await.text.contains("/openapi.json"));
}
