//! docs/OPERATIONS.md lists every metric and every setting, and nothing that does not exist.

use std::collections::{BTreeMap, HashMap};

use config::Environment;
use gavel_common::config::{default_toml, load_from};
use gavel_common::telemetry::Metrics;
use secrecy::ExposeSecret as _;

const PAGE: &str = include_str!("../../../docs/OPERATIONS.md");
const METRICS: &str = include_str!("../../src/telemetry/metrics.rs");

/// The cells of every table row whose first cell is code for which `is` holds.
fn rows(is: impl Fn(&str) -> bool) -> Vec<Vec<String>> {
    let cells = |line: &str| -> Vec<String> {
        line.trim_matches('|').split('|').map(|cell| cell.trim().replace('`', "")).collect()
    };
    PAGE.lines().filter(|line| line.starts_with("| `")).map(cells).filter(|cells| is(&cells[0])).collect()
}

/// Every metric as `name` -> (`type`, labels in their order), from a registry in which each was used once.
fn measured() -> BTreeMap<String, (String, String)> {
    let metrics = Metrics::new().unwrap();
    metrics.submissions.with_label_values(&["", "", ""]).inc();
    metrics.stage_seconds.with_label_values(&["", ""]).observe(0.0);
    metrics.queue_wait_seconds.with_label_values(&[""]).observe(0.0);
    metrics.slots.with_label_values(&[""]).set(0);
    metrics.sandboxes.with_label_values(&["", ""]).set(0);
    metrics.artifact_cache.with_label_values(&[""]).inc();
    metrics.problem_cache.with_label_values(&[""]).inc();
    metrics.publish_failures.with_label_values(&[""]).inc();
    metrics.oldest_queued_seconds.with_label_values(&[""]).set(0.0);
    metrics.http_requests.with_label_values(&["", ""]).inc();
    let text = metrics.text().unwrap();
    let labels = |name: &str| {
        let sample = text.lines().find(|line| !line.starts_with('#') && line.starts_with(name)).unwrap();
        let inside = sample.split_once('{').and_then(|(_, rest)| rest.split_once('}')).map_or("", |(l, _)| l);
        let mut names: Vec<&str> =
            inside.split(',').filter_map(|pair| Some(pair.split_once('=')?.0)).collect();
        names.retain(|name| *name != "le");
        names.sort_unstable();
        names.join(", ")
    };
    text.lines()
        .filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' '))
        .map(|(name, kind)| (name.to_owned(), (kind.to_owned(), labels(name))))
        .collect()
}

#[test]
fn every_metric_is_listed_with_its_type_and_labels() {
    let measured = measured();
    let in_source = METRICS.split("#[cfg(test)]").next().unwrap().matches("\"gavel_").count();
    assert_eq!(measured.len(), in_source, "a metric is missing in `measured` of this test");
    let listed: BTreeMap<String, (String, String)> = rows(|cell| cell.starts_with("gavel_"))
        .into_iter()
        .map(|cells| {
            let mut labels: Vec<&str> = cells[2].split(", ").filter(|label| !label.is_empty()).collect();
            labels.sort_unstable();
            (cells[0].clone(), (cells[1].clone(), labels.join(", ")))
        })
        .collect();
    assert_eq!(listed, measured);
}

/// `section.key` -> default, as TOML writes it.
fn defaults() -> BTreeMap<String, String> {
    fn flatten(table: &toml::Table, prefix: &str, found: &mut BTreeMap<String, String>) {
        for (key, value) in table {
            let path = format!("{prefix}{key}");
            match value {
                toml::Value::Table(inner) => flatten(inner, &format!("{path}."), found),
                value => drop(found.insert(path, value.to_string())),
            }
        }
    }
    let mut found = BTreeMap::new();
    flatten(&default_toml().unwrap().parse().unwrap(), "", &mut found);
    // The one default that is never printed.
    let url = gavel_common::config::BrokerConfig::default().url;
    found.insert("broker.url".to_owned(), format!("{:?}", url.expose_secret()));
    found
}

/// The rows of the tables of settings.
fn settings() -> Vec<Vec<String>> {
    rows(|_| true).into_iter().filter(|cells| cells.len() == 4 && cells[2].starts_with("GAVEL__")).collect()
}

#[test]
fn every_setting_is_listed_with_its_default() {
    let listed: BTreeMap<String, String> =
        settings().into_iter().map(|cells| (cells[0].clone(), cells[1].clone())).collect();
    assert_eq!(listed, defaults());
}

#[test]
fn every_name_for_the_environment_is_one_that_is_read() {
    let pairs: HashMap<String, String> = settings()
        .into_iter()
        .map(|cells| (cells[2].clone(), cells[1].trim_matches('"').to_owned()))
        .collect();
    assert_eq!(pairs.len(), defaults().len());
    let given = pairs.into_iter().filter(|(_, value)| value != "[]").collect();
    if let Err(error) = load_from(None, Environment::default().source(Some(given))) {
        panic!("{error}");
    }
    for cells in settings() {
        assert_eq!(cells[2], format!("GAVEL__{}", cells[0].to_uppercase().replace('.', "__")));
    }
}
