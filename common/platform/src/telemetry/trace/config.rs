//! `[telemetry]`

use axum::http::{HeaderName, HeaderValue, Uri};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};

use crate::settings::Require;

/// `[telemetry]`
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TelemetryConfig {
    /// Where traces go.
    pub otlp: OtlpConfig,
}

/// `[telemetry.otlp]`: traces, to a collector of OpenTelemetry.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct OtlpConfig {
    /// Where a collector takes OTLP over HTTP, without `/v1/traces`, such as `http://127.0.0.1:4318`; empty: no trace is
    /// exported.
    pub endpoint: String,
    /// Headers for the collector, `name=value` with commas between.
    #[serde(serialize_with = "crate::settings::redact")]
    pub headers: SecretString,
    /// The name of this process's service; empty: by its role.
    pub service_name: String,
    /// Which share of the traces that begin here is exported, from 0 to 1; whoever hands a trace in has decided already.
    pub sample_ratio: f64,
}

impl Default for OtlpConfig {
    fn default() -> Self {
        Self {
            endpoint: String::new(),
            headers: SecretString::default(),
            service_name: String::new(),
            sample_ratio: 1.0,
        }
    }
}

impl TelemetryConfig {
    /// What types cannot say; see [`crate::settings::Settings::check`].
    pub fn check(&self, require: &mut Require<'_>) {
        let otlp = &self.otlp;
        require(
            otlp.endpoint.is_empty() || is_endpoint(&otlp.endpoint),
            "telemetry.otlp.endpoint",
            "must be empty, or begin with http:// and name a host, such as http://127.0.0.1:4318",
        );
        require(
            otlp.endpoint.is_empty() || cfg!(feature = "otlp"),
            "telemetry.otlp.endpoint",
            "must be empty: this gavel was built without the feature `otlp`",
        );
        require(
            otlp.header_pairs().is_some(),
            "telemetry.otlp.headers",
            "must be name=value, with commas between",
        );
        require(
            (0.0..=1.0).contains(&otlp.sample_ratio),
            "telemetry.otlp.sample_ratio",
            "must be from 0 to 1",
        );
    }
}

impl OtlpConfig {
    /// The headers one by one; `None` when the setting is none.
    pub(super) fn header_pairs(&self) -> Option<Vec<(&str, &str)>> {
        let all = self.headers.expose_secret().split(',').map(str::trim).filter(|pair| !pair.is_empty());
        all.map(|pair| {
            let (name, value) = pair.split_once('=')?;
            let is_header = name.parse::<HeaderName>().is_ok() && HeaderValue::from_str(value.trim()).is_ok();
            is_header.then_some((name, value.trim()))
        })
        .collect()
    }
}

fn is_endpoint(text: &str) -> bool {
    text.parse::<Uri>().is_ok_and(|uri| {
        uri.scheme_str() == Some("http") && uri.authority().is_some() && uri.query().is_none()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(otlp: OtlpConfig) -> Vec<String> {
        let mut keys = Vec::new();
        TelemetryConfig { otlp }.check(&mut |holds, key, _| {
            if !holds {
                keys.push(key.to_owned());
            }
        });
        keys
    }

    #[test]
    fn every_mistake_names_its_key() {
        let right = OtlpConfig {
            endpoint: "http://collector:4318".to_owned(),
            headers: "authorization=Basic eA==, x-tenant=a".into(),
            ..OtlpConfig::default()
        };
        assert_eq!(right.header_pairs().unwrap(), [("authorization", "Basic eA=="), ("x-tenant", "a")]);
        let _without_the_feature_it_must_be_empty = wrong(right.clone());
        for endpoint in ["collector:4318", "https://collector", "http://", "http://c/?a=b"] {
            let otlp = OtlpConfig { endpoint: endpoint.to_owned(), ..right.clone() };
            assert!(wrong(otlp).contains(&"telemetry.otlp.endpoint".to_owned()), "{endpoint}");
        }
        let headers = OtlpConfig { headers: "no value".into(), ..OtlpConfig::default() };
        assert_eq!(wrong(headers), ["telemetry.otlp.headers"]);
        let ratio = OtlpConfig { sample_ratio: 1.5, ..OtlpConfig::default() };
        assert_eq!(wrong(ratio), ["telemetry.otlp.sample_ratio"]);
    }
}
