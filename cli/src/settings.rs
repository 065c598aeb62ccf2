//! All settings of a Gavel process: every part's sections under one roof.

use std::path::{Path, PathBuf};

use gavel_api::{ApiConfig, ApiSettings, StoreConfig, WebhooksConfig};
use gavel_blobs::BlobConfig;
use gavel_broker::BrokerConfig;
use gavel_model::LimitsPolicy;
use gavel_model::language::LanguagesConfig;
use gavel_platform::disk::DiskArea;
use gavel_platform::settings::{Require, Settings};
use gavel_platform::telemetry::LogConfig;
use gavel_platform::telemetry::trace::TelemetryConfig;
use gavel_worker::settings::{SandboxConfig, WorkerConfig, WorkerSettings};
use serde::{Deserialize, Serialize};

use crate::role::Role;

/// All settings; each part is given the sections that it reads.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct GavelSettings {
    /// What is logged, and how.
    pub log: LogConfig,
    /// What is told of submissions to those who look at traces.
    pub telemetry: TelemetryConfig,
    /// Which languages there are.
    pub languages: LanguagesConfig,
    /// Defaults and maxima of a submission's limits.
    pub limits: LimitsPolicy,
    /// The queues.
    pub broker: BrokerConfig,
    /// Where submissions and results are kept.
    pub store: StoreConfig,
    /// Where large bytes are kept.
    pub blobs: BlobConfig,
    /// The HTTP service.
    pub api: ApiConfig,
    /// How clients are called.
    pub webhooks: WebhooksConfig,
    /// The judging process.
    pub worker: WorkerConfig,
    /// The containers programs run in.
    pub sandbox: SandboxConfig,
}

impl GavelSettings {
    /// What a process of a role keeps on disk, and where.
    #[must_use]
    pub fn disk_areas(&self, role: Role) -> Vec<(DiskArea, PathBuf)> {
        // The file itself need not exist yet; its folder is made when it is opened.
        let store = self.store.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let store = store.unwrap_or(Path::new("."));
        let store = (!self.store.is_shared()).then_some((DiskArea::Store, store));
        let blobs = (DiskArea::Blobs, self.blobs.dir.as_path());
        let api: Vec<_> = store.into_iter().chain([blobs]).collect();
        let worker = [(DiskArea::Cache, self.worker.cache_dir.as_path())];
        let (api, worker) = match role {
            Role::Up => (&api[..], &worker[..]),
            Role::Api => (&api[..], &[][..]),
            Role::Worker => (&[][..], &worker[..]),
        };
        api.iter().chain(worker).map(|(area, folder)| (*area, (*folder).to_owned())).collect()
    }

    /// What the API reads.
    #[must_use]
    pub fn for_api(&self) -> ApiSettings {
        let Self { languages, limits, store, blobs, api, webhooks, .. } = self.clone();
        ApiSettings { languages, limits, blobs, store, api, webhooks }
    }

    /// What a worker reads.
    #[must_use]
    pub fn for_worker(&self) -> WorkerSettings {
        let bounds = self.api.bounds();
        let Self { languages, limits, blobs, worker, sandbox, .. } = self.clone();
        WorkerSettings { languages, limits, bounds, blobs, worker, sandbox }
    }
}

impl Settings for GavelSettings {
    const LISTS: &'static [&'static str] = &["api.keys", "api.hosts", "api.cors_origins", "api.judge0.bind"];
    const SECRETS: &'static [&'static str] =
        &["api.keys", "broker.url", "store.password", "store.url", "telemetry.otlp.headers"];

    fn check(&self, require: &mut Require<'_>) {
        self.telemetry.check(require);
        self.languages.check(require);
        self.limits.check(require);
        self.blobs.check(require);
        self.broker.check(require);
        self.store.check(require);
        self.api.check(require);
        self.webhooks.check(require);
        self.worker.check(require);
        self.sandbox.check(require);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    use gavel_platform::settings::{SettingsError, default_toml, load_from, redacted_toml};

    fn environment(pairs: &[(&str, &str)]) -> HashMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn load(pairs: &[(&str, &str)]) -> Result<GavelSettings, SettingsError> {
        load_from(None, environment(pairs))
    }

    #[test]
    fn the_environment_beats_the_defaults() {
        let pairs = [
            ("GAVEL__WORKER__SLOTS", "7"),
            ("GAVEL__API__KEYS", "the-first-key-of-two,the-second-key-of-two"),
            ("GAVEL__WORKER__GRACE", "90s"),
        ];
        let settings = load(&pairs).unwrap();
        let (worker, api) = (settings.for_worker().worker, settings.for_api().api);
        assert_eq!((worker.slots, api.keys.len(), worker.grace.as_secs()), (7, 2, 90));
    }

    #[test]
    fn every_mistake_is_told_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("gavel.toml");
        std::fs::write(
            &file,
            "[worker]\nslots = \"many\"\nslotz = 2\n[api]\nbind = \"nowhere\"\nmax_wait = \"5 parsecs\"\n\
             [languages]\ntag = \".x\"\n",
        )
        .unwrap();
        let loaded: Result<GavelSettings, _> = load_from(Some(&file), environment(&[]));
        let SettingsError::Mistakes(mistakes) = loaded.unwrap_err() else {
            panic!("not a list of mistakes");
        };
        let mut keys: Vec<_> = mistakes.iter().map(|m| m.key.as_str()).collect();
        keys.sort_unstable();
        let expected = ["api.bind", "api.max_wait", "languages.tag", "worker.slots", "worker.slotz"];
        assert_eq!(keys, expected, "{mistakes:?}");
    }

    #[test]
    fn a_public_address_without_a_key_is_a_mistake() {
        let error = load(&[("GAVEL__API__BIND", "0.0.0.0:3000")]).unwrap_err();
        assert!(error.to_string().contains("api.bind"), "{error}");
    }

    #[test]
    fn origins_are_a_list_in_the_environment_and_what_is_none_is_a_mistake() {
        let origins = |text| load(&[("GAVEL__API__CORS_ORIGINS", text)]);
        let settings = origins("https://contest.example,http://localhost:8080").unwrap();
        assert_eq!(settings.api.cors_origins, ["https://contest.example", "http://localhost:8080"]);
        for wrong in ["contest.example", "https://contest.example/", "https://*.example"] {
            let error = origins(wrong).unwrap_err().to_string();
            assert!(error.contains("api.cors_origins"), "{wrong}: {error}");
        }
    }

    #[test]
    fn a_key_that_is_soon_guessed_is_a_mistake_and_is_not_repeated() {
        let error = load(&[("GAVEL__API__KEYS", "the-first-key-of-two,hunter2")]).unwrap_err().to_string();
        assert!(error.contains("api.keys") && !error.contains("hunter2"), "{error}");
    }

    #[test]
    fn what_is_printed_holds_no_secret() {
        let pairs =
            [("GAVEL__BROKER__URL", "amqp://u:hunter2@h"), ("GAVEL__API__KEYS", "hunter3-hunter3-hunter3")];
        let printed = redacted_toml(&load(&pairs).unwrap()).unwrap();
        assert!(!printed.contains("hunter"), "{printed}");
        assert!(printed.contains("<redacted>"), "{printed}");
    }

    #[test]
    fn secrets_are_read_from_files_and_mistakes_tell_nothing_of_them() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path.display().to_string()
        };
        let keys = write("keys", "the-first-key-of-two\n\n  the-second-key-of-two  \n");
        let url = write("url", "amqp://u:hunter2@h\n");
        let pairs = [("GAVEL__API__KEYS_FILE", keys.as_str()), ("GAVEL__BROKER__URL_FILE", url.as_str())];
        let settings = load(&pairs).unwrap();
        assert_eq!(settings.api.keys.len(), 2);
        let printed = redacted_toml(&settings).unwrap();
        assert!(!printed.contains("hunter2") && !printed.contains("-key-of-two"), "{printed}");

        let short = write("short", "hunter2\n");
        let both = [("GAVEL__API__KEYS_FILE", keys.as_str()), ("GAVEL__API__KEYS", "the-first-key-of-two")];
        for wrong in [
            &both[..],
            &[("GAVEL__API__KEYS_FILE", "/nowhere/keys")],
            &[("GAVEL__API__KEYS_FILE", short.as_str())],
            &[("GAVEL__API__BIND_FILE", keys.as_str())],
        ] {
            let error = load(wrong).unwrap_err().to_string();
            assert!(error.contains("api.") && !error.contains("hunter2"), "{error}");
            assert!(!error.contains("the-first-key"), "{error}");
        }
    }

    #[test]
    fn the_defaults_can_be_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("gavel.toml");
        std::fs::write(&file, default_toml::<GavelSettings>().unwrap()).unwrap();
        load_from::<GavelSettings>(Some(&file), environment(&[])).unwrap();
    }
}
