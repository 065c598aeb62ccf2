//! docs/OPERATIONS.md lists every metric and every setting, and nothing that does not exist.

use std::collections::{BTreeMap, HashMap};

use gavel::{GavelSettings, Metrics};
use gavel_broker::BrokerConfig;
use gavel_platform::settings::{default_toml, load_from};
use gavel_platform::telemetry::{Declared, Registry};
use secrecy::ExposeSecret as _;

const PAGE: &str = include_str!("../../../docs/OPERATIONS.md");

/// The cells of every table row whose first cell is code for which `is` holds.
fn rows(is: impl Fn(&str) -> bool) -> Vec<Vec<String>> {
    let cells = |line: &str| -> Vec<String> {
        line.trim_matches('|').split('|').map(|cell| cell.trim().replace('`', "")).collect()
    };
    PAGE.lines().filter(|line| line.starts_with("| `")).map(cells).filter(|cells| is(&cells[0])).collect()
}

/// Every metric as `name` -> (`type`, labels in order).
fn declared() -> BTreeMap<String, (String, String)> {
    let registry = Registry::default();
    Metrics::register(&registry).unwrap();
    let described = |mut metric: Declared| {
        metric.labels.sort_unstable();
        (metric.name, (metric.kind.as_str().to_owned(), metric.labels.join(", ")))
    };
    registry.declared().into_iter().map(described).collect()
}

#[test]
fn every_metric_is_listed_with_its_type_and_labels() {
    let listed: BTreeMap<String, (String, String)> = rows(|cell| cell.starts_with("gavel_"))
        .into_iter()
        .map(|cells| {
            let mut labels: Vec<&str> = cells[2].split(", ").filter(|label| !label.is_empty()).collect();
            labels.sort_unstable();
            (cells[0].clone(), (cells[1].clone(), labels.join(", ")))
        })
        .collect();
    assert_eq!(listed, declared());
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
    flatten(&default_toml::<GavelSettings>().unwrap().parse().unwrap(), "", &mut found);
    // The one default that is never printed.
    let url = BrokerConfig::default().url;
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
    if let Err(error) = load_from::<GavelSettings>(None, given) {
        panic!("{error}");
    }
    for cells in settings() {
        assert_eq!(cells[2], format!("GAVEL__{}", cells[0].to_uppercase().replace('.', "__")));
    }
}
