//! What a submission costs each part, read from a file.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, ensure};
use gavel_model::Lane;
use gavel_worker::settings::LaneWeights;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::samples::SAMPLES;

/// Everything that a simulation takes for given. The defaults are figures of docs/PERFORMANCE.md; those of API, store
/// (Postgres) and broker are of `gavel bench road` with 100 workers, half for each way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Costs {
    /// What a slot is busy with.
    pub judging: Judging,
    /// The API processes.
    pub api: Part,
    /// Those that write to the store at the same time: 1 for `SQLite`.
    pub store: Part,
    /// The broker's cores.
    pub broker: Part,
    /// What a worker may take in a row of each lane while others wait.
    pub weights: LaneWeights,
    /// Seconds from acceptance to the stored result that each lane is promised.
    pub targets: ByLane<f64>,
    /// How often each language is handed in, and how long a slot is taken by it, tests apart.
    pub languages: BTreeMap<String, Language>,
}

/// What a slot is busy with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Judging {
    /// Tests of a submission.
    pub tests: f64,
    /// Seconds that a program takes for one of them, on the average.
    pub test_seconds: f64,
    /// How much programs differ: the deviation of the logarithm of their time; 0 makes all alike.
    pub spread: f64,
}

/// A part that every submission passes twice: when it comes, and when its result comes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Part {
    /// How many submissions it serves at the same time.
    pub servers: usize,
    /// Seconds of one of them to take a submission in.
    pub accept: f64,
    /// Seconds of one of them for a result.
    pub result: f64,
}

/// A language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Language {
    /// How often it is handed in, beside the shares of the others.
    pub share: f64,
    /// Seconds of a slot: to compile it, start it and check its answer.
    pub seconds: f64,
}

/// A value for each lane.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ByLane<T> {
    /// Of a running contest.
    pub contest: T,
    /// Of what people wait for otherwise.
    pub practice: T,
    /// Of what is judged again.
    pub rejudge: T,
}

impl<T: Copy> ByLane<T> {
    /// That of a lane.
    pub const fn of(&self, lane: Lane) -> T {
        match lane {
            Lane::Contest => self.contest,
            Lane::Practice => self.practice,
            Lane::Rejudge => self.rejudge,
        }
    }
}

impl Default for Judging {
    fn default() -> Self {
        Self { tests: 20.0, test_seconds: 0.05, spread: 1.0 }
    }
}

impl Default for Part {
    fn default() -> Self {
        Self { servers: 1, accept: 0.0, result: 0.0 }
    }
}

impl Default for Costs {
    fn default() -> Self {
        let target = |lane| gavel_api::SloConfig::default().target(lane).as_secs_f64();
        let languages = [
            ("cpp", 0.6, 0.84),
            ("python", 0.2, 0.03),
            ("java", 0.1, 0.55),
            ("c", 0.04, 0.07),
            ("rust", 0.03, 0.4),
            ("go", 0.03, 0.15),
        ];
        Self {
            judging: Judging::default(),
            api: Part { servers: 2, accept: 0.0007, result: 0.0007 },
            store: Part { servers: 2, accept: 0.0009, result: 0.0009 },
            broker: Part { servers: 2, accept: 0.0013, result: 0.0013 },
            weights: LaneWeights::default(),
            targets: ByLane {
                contest: target(Lane::Contest),
                practice: target(Lane::Practice),
                rejudge: target(Lane::Rejudge),
            },
            languages: languages
                .map(|(id, share, seconds)| (id.to_owned(), Language { share, seconds }))
                .into(),
        }
    }
}

impl Costs {
    /// Those of a file in TOML; what it leaves out keeps its default. Languages are all or none.
    pub fn read(file: Option<&Path>) -> anyhow::Result<Self> {
        let Some(file) = file else { return Ok(Self::default()) };
        let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
        let costs: Self = toml::from_str(&text).with_context(|| file.display().to_string())?;
        costs.check().with_context(|| file.display().to_string())?;
        Ok(costs)
    }

    fn check(&self) -> anyhow::Result<()> {
        let parts = [("api", &self.api), ("store", &self.store), ("broker", &self.broker)];
        for (name, part) in parts {
            ensure!(part.servers > 0, "{name}.servers is 0; it must be at least 1");
            sensible(&format!("{name}.accept"), part.accept)?;
            sensible(&format!("{name}.result"), part.result)?;
        }
        let Judging { tests, test_seconds, spread } = self.judging;
        sensible("judging.tests", tests)?;
        sensible("judging.test_seconds", test_seconds)?;
        sensible("judging.spread", spread)?;
        for lane in Lane::ALL {
            ensure!(self.weights.of(lane) > 0, "weights.{lane} is 0; it must be at least 1");
            sensible(&format!("targets.{lane}"), self.targets.of(lane))?;
        }
        for (id, language) in &self.languages {
            sensible(&format!("languages.{id}.share"), language.share)?;
            sensible(&format!("languages.{id}.seconds"), language.seconds)?;
        }
        let shares: f64 = self.languages.values().map(|language| language.share).sum();
        ensure!(shares > 0.0, "languages: no language has a share above 0");
        Ok(())
    }

    /// The same with what `gavel bench --json` measured on a machine: the time of a source that was never seen.
    pub fn with_bench(mut self, file: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
        let report: Value = serde_json::from_str(&text).with_context(|| file.display().to_string())?;
        let mut taken = 0;
        for figure in report["figures"].as_array().into_iter().flatten() {
            let Some(name) = figure["what"].as_str().and_then(|what| what.strip_suffix(", new source"))
            else {
                continue;
            };
            let sample = SAMPLES.iter().find(|sample| sample.name == name);
            let known = sample.and_then(|sample| self.languages.get_mut(sample.language));
            if let (Some(language), Some(milliseconds)) = (known, figure["value"].as_f64()) {
                language.seconds = milliseconds / 1e3;
                taken += 1;
            }
        }
        ensure!(
            taken > 0,
            "{}: no time of a language; it wants what `gavel bench latency --json` prints",
            file.display()
        );
        Ok(self)
    }

    /// Seconds of a slot that the average submission takes.
    pub fn mean_seconds(&self) -> f64 {
        let shares: f64 = self.languages.values().map(|language| language.share).sum();
        let own: f64 = self.languages.values().map(|language| language.share * language.seconds).sum();
        own / shares + self.judging.tests * self.judging.test_seconds
    }
}

fn sensible(field: &str, value: f64) -> anyhow::Result<()> {
    ensure!(
        value.is_finite() && (0.0..=1e6).contains(&value),
        "{field} is {value}; it must be from 0 to 1000000"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_sensible_and_survive_a_file() {
        let costs = Costs::default();
        costs.check().unwrap();
        let again: Costs = toml::from_str(&toml::to_string(&costs).unwrap()).unwrap();
        assert_eq!(costs, again);
    }

    #[test]
    fn what_is_wrong_is_named_with_its_limit() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("costs.toml");
        for (text, wanted) in [
            ("[api]\nservers = 0", "api.servers is 0; it must be at least 1"),
            ("[store]\naccept = -1.0", "store.accept is -1; it must be from 0 to 1000000"),
            ("[languages.c]\nshare = 0.0\nseconds = 1.0", "languages: no language has a share above 0"),
            ("[judging]\ntest = 3.0", "unknown field `test`"),
        ] {
            std::fs::write(&file, text).unwrap();
            let error = format!("{:#}", Costs::read(Some(&file)).unwrap_err());
            assert!(error.contains(wanted), "{text}: {error}");
        }
    }

    #[test]
    fn figures_of_gavel_bench_replace_those_of_a_language() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("bench.json");
        std::fs::write(
            &file,
            r#"{"figures": [{"what": "Rust, new source", "value": 250.0}, {"what": "x"}]}"#,
        )
        .unwrap();
        let costs = Costs::default().with_bench(&file).unwrap();
        assert_eq!(costs.languages["rust"].seconds, 0.25);
        assert_eq!(costs.languages["java"], Costs::default().languages["java"]);
        std::fs::write(&file, "{}").unwrap();
        assert!(Costs::default().with_bench(&file).is_err());
    }
}
