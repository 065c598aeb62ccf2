//! Rules, alerts and dashboards ask for what exists, and alerts do what they say.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use gavel::Metrics;
use gavel_platform::telemetry::{Kind, Registry};
use regex::Regex;
use serde::Deserialize;
use serde_json::Value;

const RUNBOOK: &str = include_str!("../../../docs/OPERATIONS.md");

fn deploy(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy").join(path)
}

fn read(path: &str) -> String {
    std::fs::read_to_string(deploy(path)).unwrap()
}

#[derive(Deserialize)]
struct RuleFile {
    groups: Vec<Group>,
}

#[derive(Deserialize)]
struct Group {
    rules: Vec<Rule>,
}

#[derive(Deserialize)]
struct Rule {
    record: Option<String>,
    alert: Option<String>,
    expr: String,
    #[serde(default)]
    labels: BTreeMap<String, String>,
    #[serde(default)]
    annotations: BTreeMap<String, String>,
}

fn rules() -> Vec<Rule> {
    ["prometheus/rules/recording.yml", "prometheus/rules/alerts.yml"]
        .iter()
        .flat_map(|file| serde_yaml_ng::from_str::<RuleFile>(&read(file)).unwrap().groups)
        .flat_map(|group| group.rules)
        .collect()
}

/// Every dashboard: its file, and what is in it.
fn dashboards() -> Vec<(String, Value)> {
    let mut all: Vec<(String, Value)> = std::fs::read_dir(deploy("grafana/dashboards"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            let board = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
            (path.file_name().unwrap().to_str().unwrap().to_owned(), board)
        })
        .collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all
}

/// The expressions of a dashboard's panels.
fn expressions(board: &Value) -> Vec<String> {
    let panels = board["panels"].as_array().unwrap().iter();
    panels
        .flat_map(|panel| panel["targets"].as_array().cloned().unwrap_or_default())
        .map(|target| target["expr"].as_str().unwrap().to_owned())
        .collect()
}

/// Every series that a process of Gavel may show, with its labels.
fn series() -> BTreeMap<String, BTreeSet<String>> {
    let registry = Registry::default();
    Metrics::register(&registry).unwrap();
    let mut all = BTreeMap::new();
    for metric in registry.declared() {
        let labels: BTreeSet<String> = metric.labels.into_iter().collect();
        if metric.kind == Kind::Histogram {
            let with_le = labels.iter().cloned().chain(["le".to_owned()]).collect();
            all.insert(format!("{}_bucket", metric.name), with_le);
            all.insert(format!("{}_sum", metric.name), labels.clone());
            all.insert(format!("{}_count", metric.name), labels);
        } else {
            all.insert(metric.name, labels);
        }
    }
    all
}

/// What is asked for that nobody shows: series, recorded rules, and labels that are matched.
pub fn unknown(expression: &str) -> Vec<String> {
    let (series, recorded) = (series(), rules());
    let recorded: BTreeSet<&str> = recorded.iter().filter_map(|rule| rule.record.as_deref()).collect();
    let selector = Regex::new(r"\b(gavel[a-z0-9_:]*)(\{[^}]*\})?").unwrap();
    let matcher = Regex::new(r#"([a-z_]+)\s*(?:=~|!~|!=|=)\s*""#).unwrap();
    // Of the scrape, not of the process.
    let of_scrape = ["instance", "job"];
    let mut unknown = Vec::new();
    for found in selector.captures_iter(&strings_removed(expression)) {
        let name = &found[1];
        if name.contains(':') {
            if !recorded.contains(name) {
                unknown.push(name.to_owned());
            }
            continue;
        }
        let Some(labels) = series.get(name) else {
            unknown.push(name.to_owned());
            continue;
        };
        for label in found.get(2).iter().flat_map(|matchers| matcher.captures_iter(matchers.as_str())) {
            if !labels.contains(&label[1]) && !of_scrape.contains(&&label[1]) {
                unknown.push(format!("{name}{{{}}}", &label[1]));
            }
        }
    }
    unknown
}

/// Without what stands between quotes, which may look like a series.
fn strings_removed(expression: &str) -> String {
    Regex::new(r#""[^"]*""#).unwrap().replace_all(expression, r#""""#).into_owned()
}

#[test]
fn an_expression_that_asks_for_what_nobody_shows_is_found() {
    let expression = r#"gavel_slots{state="busy", lane="x"} + gavel_slot_total + gavel:nothing + gavel_stage_seconds_sum{job="gavel_x"}"#;
    assert_eq!(unknown(expression), ["gavel_slots{lane}", "gavel_slot_total", "gavel:nothing"]);
}

#[test]
fn rules_ask_for_what_exists() {
    for rule in rules() {
        assert_eq!(unknown(&rule.expr), Vec::<String>::new(), "{}", rule.expr);
    }
}

#[test]
fn panels_ask_for_what_exists() {
    let boards = dashboards();
    assert!(!boards.is_empty());
    for (file, board) in boards {
        let expressions = expressions(&board);
        assert!(!expressions.is_empty(), "{file}");
        for expression in expressions {
            assert_eq!(unknown(&expression), Vec::<String>::new(), "{file}: {expression}");
        }
    }
}

/// As Grafana's own export writes them: what it needs to load a dashboard without asking back.
#[test]
fn dashboards_are_whole() {
    let variable = Regex::new(r"\$([a-z]+)").unwrap();
    let mut uids = BTreeSet::new();
    for (file, board) in dashboards() {
        assert!(uids.insert(board["uid"].as_str().unwrap().to_owned()), "{file}: uid taken");
        assert!(board["schemaVersion"].as_u64().unwrap() >= 36, "{file}");
        let variables: Vec<&str> = board["templating"]["list"]
            .as_array()
            .unwrap()
            .iter()
            .map(|v| v["name"].as_str().unwrap())
            .collect();
        assert!(variables.contains(&"datasource"), "{file}");
        let (mut ids, mut cells) = (BTreeSet::new(), BTreeSet::new());
        for panel in board["panels"].as_array().unwrap() {
            let title = panel["title"].as_str().unwrap();
            assert!(ids.insert(panel["id"].as_u64().unwrap()), "{file}: {title}: id taken");
            let at = |key: &str| panel["gridPos"][key].as_u64().unwrap();
            assert!(at("x") + at("w") <= 24, "{file}: {title}: wider than the page");
            for cell in
                (at("x")..at("x") + at("w")).flat_map(|x| (at("y")..at("y") + at("h")).map(move |y| (x, y)))
            {
                assert!(cells.insert(cell), "{file}: {title}: lies over another panel");
            }
            if panel["type"] == "row" {
                continue;
            }
            assert!(["stat", "timeseries"].contains(&panel["type"].as_str().unwrap()), "{file}: {title}");
            assert!(!panel["description"].as_str().unwrap().is_empty(), "{file}: {title}");
            assert_eq!(panel["datasource"]["uid"], "${datasource}", "{file}: {title}");
        }
        for name in variable.captures_iter(&expressions(&board).join("\n")) {
            assert!(variables.contains(&&name[1]), "{file}: ${}", &name[1]);
        }
    }
}

#[test]
fn every_alert_has_a_runbook_and_a_case() {
    let cases = read("prometheus/tests/alerts.yml");
    for rule in rules() {
        let Some(alert) = rule.alert else { continue };
        assert!(["page", "ticket"].contains(&rule.labels["severity"].as_str()), "{alert}");
        assert!(!rule.annotations["summary"].is_empty());
        assert_eq!(rule.annotations["runbook"], format!("docs/OPERATIONS.md#{}", alert.to_lowercase()));
        assert!(RUNBOOK.contains(&format!("\n#### {alert}\n")), "{alert}: no runbook");
        assert!(cases.contains(&format!("alertname: {alert}\n")), "{alert}: no case");
    }
}

/// Prometheus' own tool: the syntax of all, and each alert caused, firing, and gone.
#[test]
fn alerts_fire_and_clear() {
    for arguments in [
        &["check", "config", "prometheus/prometheus.yml"][..],
        &["test", "rules", "prometheus/tests/alerts.yml"],
    ] {
        let mut tool = Command::new("promtool");
        let output = match tool.args(arguments).current_dir(deploy("")).output() {
            Ok(output) => output,
            Err(error) if std::env::var_os("GAVEL_TEST_REQUIRE").is_none() => {
                println!("skipped: no promtool ({error}); Debian has it in the package prometheus");
                return;
            }
            Err(error) => panic!("promtool: {error}"),
        };
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stdout));
    }
}
