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
    delete /api/v1/batches/{id}
    delete /api/v1/keys/{id}
    delete /api/v1/problems/{id}
    delete /api/v1/rejudges/{id}
    delete /api/v1/submissions/{id}
    delete /api/v1/workers/{id}/drain
    get /api/v1/batches/{id}
    get /api/v1/batches/{id}/events
    get /api/v1/batches/{id}/results
    get /api/v1/dead
    get /api/v1/dead/{id}
    get /api/v1/keys
    get /api/v1/languages
    get /api/v1/problems
    get /api/v1/problems/{id}
    get /api/v1/queues
    get /api/v1/rejudges/{id}
    get /api/v1/rejudges/{id}/results
    get /api/v1/run/live
    get /api/v1/submissions
    get /api/v1/submissions/{id}
    get /api/v1/submissions/{id}/events
    get /api/v1/submissions/{id}/history
    get /api/v1/webhooks
    get /api/v1/webhooks/secret
    get /api/v1/workers
    get /healthz
    get /metrics
    get /readyz
    post /api/v1/batches
    post /api/v1/batches/{id}/rejudge
    post /api/v1/dead/purge
    post /api/v1/dead/replay
    post /api/v1/keys
    post /api/v1/rejudges
    post /api/v1/rejudges/{id}/apply
    post /api/v1/submissions
    post /api/v1/workers/{id}/drain
    post /run
    put /api/v1/problems/{id}
    "#);
}

/// Everything of the description that a request body may hold, with references followed, each schema once.
fn requested<'a>(
    described: &'a Value,
    schema: &'a Value,
    seen: &mut Vec<&'a str>,
    found: &mut Vec<&'a Value>,
) {
    if let Some(name) = schema["$ref"].as_str() {
        if !seen.contains(&name) {
            seen.push(name);
            requested(described, described.pointer(&name[1..]).unwrap(), seen, found);
        }
        return;
    }
    found.push(schema);
    let parts =
        ["oneOf", "anyOf", "allOf"].iter().flat_map(|part| schema[*part].as_array().into_iter().flatten());
    let fields = schema["properties"].as_object().into_iter().flat_map(|fields| fields.values());
    for inner in parts.chain(fields).chain(schema.get("items")) {
        requested(described, inner, seen, found);
    }
}

fn bodies(described: &Value) -> Vec<&Value> {
    let (mut seen, mut found) = (Vec::new(), Vec::new());
    for path in described["paths"].as_object().unwrap().values() {
        for call in path.as_object().unwrap().values() {
            let body = &call["requestBody"]["content"]["application/json"]["schema"];
            if !body.is_null() {
                requested(described, body, &mut seen, &mut found);
            }
        }
    }
    found
}

#[test]
fn nothing_that_clients_send_has_further_fields() {
    let described = described();
    let mut objects = 0;
    for schema in bodies(&described) {
        if schema["properties"].is_object() {
            objects += 1;
            assert_eq!(schema["additionalProperties"], false, "{schema}");
        }
    }
    assert!(objects >= 10, "{objects} objects are described");
}

/// A value that a schema allows, with every field that it has.
fn example(described: &Value, schema: &Value) -> Value {
    if let Some(name) = schema["$ref"].as_str() {
        return example(described, described.pointer(&name[1..]).unwrap());
    }
    for part in ["oneOf", "anyOf"] {
        if let Some(options) = schema[part].as_array() {
            let option = options.iter().find(|option| option["type"] != "null").unwrap();
            return example(described, option);
        }
    }
    if let Some(words) = schema["enum"].as_array() {
        return words[0].clone();
    }
    if !schema["const"].is_null() {
        return schema["const"].clone();
    }
    let kinds: Vec<_> = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        kind => vec![kind.as_str().unwrap_or_else(|| panic!("no type: {schema}"))],
    };
    match kinds[0] {
        "object" => schema["properties"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, field)| (name.clone(), example(described, field)))
            .collect(),
        "array" => Value::Array(vec![example(described, &schema["items"])]),
        "string" => schema.get("example").cloned().unwrap_or_else(|| "x".into()),
        "integer" | "number" => 100.into(),
        "boolean" => true.into(),
        other => panic!("{other}"),
    }
}

/// What is described and what is read are written down apart: `work` and its checker.
#[tokio::test]
async fn every_kind_of_work_is_read_as_it_is_described() {
    let service = Service::start().await;
    let described = described();
    let kinds = |name: &str| described["components"]["schemas"][name]["oneOf"].as_array().unwrap().clone();
    let mut tried = 0;
    for work in kinds("WorkRequest") {
        for checker in kinds("CheckerRequest") {
            let mut work = example(&described, &work);
            if work.get("checker").is_some() {
                work["checker"] = example(&described, &checker);
                // Stands for the two beside it.
                work["checker"].as_object_mut().unwrap().remove("float_tolerance");
            }
            let body = serde_json::json!({"language": "python", "source": "", "work": work});
            let answer = service.post("/api/v1/submissions", &body).await;
            let taken = answer.status == 202 || answer.status == 404 && answer.code() == "unknown_problem";
            assert!(taken, "{body}: {}", answer.text);
            tried += 1;
        }
    }
    assert_eq!(tried, 12);
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
