//! When submissions come.

use std::collections::VecDeque;
use std::path::Path;

use anyhow::{Context as _, ensure};
use gavel_model::Lane;
use jiff::Timestamp;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use rand_distr::weighted::WeightedIndex;
use rand_distr::{Distribution as _, LogNormal, Poisson};
use serde::Deserialize;

use super::costs::Costs;
use super::time::{Micros, micros};

/// A submission.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Arrival {
    /// When it comes.
    pub at: Micros,
    /// Through which lane.
    pub lane: Lane,
    /// Seconds of a slot that it takes.
    pub seconds: f64,
}

/// A shape that a day can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// The same all the time: half contest, half practice.
    Steady,
    /// Practice, and a contest that begins after a tenth of the time: everybody hands in the first problem at once, and
    /// again in the last tenth.
    Contest,
    /// Steady, and after a quarter of the time a fifth of everything comes at once, to be judged again.
    Rejudge,
}

/// How many come in each second through a lane, on the average.
struct Stream {
    lane: Lane,
    rates: Vec<f64>,
}

impl Stream {
    /// A shape over the whole time, so high that a share of all comes through this lane.
    fn new(lane: Lane, length: usize, all: f64, shape: impl Fn(f64) -> f64) -> Self {
        let rates: Vec<f64> = (0..length).map(|second| shape(second as f64 / length as f64)).collect();
        let sum: f64 = rates.iter().sum();
        Self { lane, rates: rates.into_iter().map(|rate| rate * all / sum).collect() }
    }
}

impl Shape {
    fn streams(self, length: usize, all: f64) -> Vec<Stream> {
        let even = |lane, share: f64| Stream::new(lane, length, all * share, |_| 1.0);
        match self {
            Self::Steady => vec![even(Lane::Contest, 0.5), even(Lane::Practice, 0.5)],
            Self::Contest => {
                let contest = |part: f64| match (part - 0.1) / 0.8 {
                    outside if !(0.0..1.0).contains(&outside) => 0.0,
                    // A wave with its height at a tenth of the contest, over what comes all the time.
                    inside => {
                        let wave = inside / 0.1 * (1.0 - inside / 0.1).exp();
                        let last = if inside > 0.9 { 1.0 } else { 0.0 };
                        1.0 + 4.0 * wave + last
                    }
                };
                vec![Stream::new(Lane::Contest, length, all * 0.8, contest), even(Lane::Practice, 0.2)]
            }
            Self::Rejudge => {
                let second = length / 4;
                let flood =
                    |part: f64| if (part * length as f64).round() as usize == second { 1.0 } else { 0.0 };
                vec![
                    even(Lane::Contest, 0.4),
                    even(Lane::Practice, 0.4),
                    Stream::new(Lane::Rejudge, length, all * 0.2, flood),
                ]
            }
        }
    }
}

/// Submissions in order of time, drawn second by second, the same for the same seed.
pub struct Drawn {
    streams: Vec<Stream>,
    second: usize,
    length: usize,
    coming: VecDeque<Arrival>,
    random: StdRng,
    costs: Costs,
    /// Seconds of each language, tests apart.
    languages: Vec<f64>,
    choice: WeightedIndex<f64>,
    factor: LogNormal<f64>,
}

impl Drawn {
    /// About `rate` submissions an hour for `length` seconds.
    pub fn new(shape: Shape, rate: f64, length: usize, costs: &Costs, seed: u64) -> anyhow::Result<Self> {
        let spread = costs.judging.spread;
        Ok(Self {
            streams: shape.streams(length, rate * length as f64 / 3_600.0),
            second: 0,
            length,
            coming: VecDeque::new(),
            random: StdRng::seed_from_u64(seed),
            costs: costs.clone(),
            languages: costs.languages.values().map(|language| language.seconds).collect(),
            choice: WeightedIndex::new(costs.languages.values().map(|language| language.share))
                .context("shares")?,
            // Its mean is 1.
            factor: LogNormal::new(-spread * spread / 2.0, spread).context("judging.spread")?,
        })
    }

    fn draw_second(&mut self) {
        let mut arrivals = Vec::new();
        for stream in &self.streams {
            let rate = stream.rates[self.second];
            let count = Poisson::new(rate).map_or(0.0, |poisson| poisson.sample(&mut self.random)) as usize;
            for _ in 0..count {
                let at = self.second as Micros * 1_000_000 + self.random.random_range(0..1_000_000);
                let own = self.languages[self.choice.sample(&mut self.random)];
                let tests = self.costs.judging.tests * self.costs.judging.test_seconds;
                let seconds = own + tests * self.factor.sample(&mut self.random);
                arrivals.push(Arrival { at, lane: stream.lane, seconds });
            }
        }
        arrivals.sort_by_key(|arrival| arrival.at);
        self.coming.extend(arrivals);
        self.second += 1;
    }
}

impl Iterator for Drawn {
    type Item = Arrival;

    fn next(&mut self) -> Option<Arrival> {
        while self.coming.is_empty() && self.second < self.length {
            self.draw_second();
        }
        self.coming.pop_front()
    }
}

/// What is read of a line of a record; the rest is passed over.
#[derive(Debug, Deserialize)]
struct Line {
    created_at: Timestamp,
    lane: Lane,
    language: String,
    started_at: Option<Timestamp>,
    finished_at: Option<Timestamp>,
}

/// A line is a result, or has one.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Entry {
    Wrapped { result: Line },
    Plain(Line),
}

/// What was recorded: a JSON object a line, as `gavel batch --results` writes them. Each takes as long as it took, or, if
/// the line does not say or `forget` is set, as long as the costs say of its language.
pub fn recorded(file: &Path, costs: &Costs, forget: bool) -> anyhow::Result<Vec<Arrival>> {
    let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let mut lines = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let entry: Entry = serde_json::from_str(line).with_context(|| {
            format!(
                "{}:{}: wants created_at, lane and language, or a result with them",
                file.display(),
                number + 1
            )
        })?;
        lines.push(match entry {
            Entry::Wrapped { result } | Entry::Plain(result) => result,
        });
    }
    ensure!(!lines.is_empty(), "{}: not one submission", file.display());
    lines.sort_by_key(|line| line.created_at);
    let first = lines[0].created_at;
    let tests = costs.judging.tests * costs.judging.test_seconds;
    let arrivals = lines.iter().map(|line| {
        let since = |from: Timestamp, to: Timestamp| to.duration_since(from).as_secs_f64().max(0.0);
        let took = line.started_at.zip(line.finished_at).filter(|_| !forget);
        let known = costs.languages.get(&line.language).map(|language| language.seconds + tests);
        let seconds =
            took.map(|(from, to)| since(from, to)).or(known).unwrap_or_else(|| costs.mean_seconds());
        Arrival { at: micros(since(first, line.created_at)), lane: line.lane, seconds }
    });
    Ok(arrivals.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(shape: Shape, seed: u64) -> Vec<Arrival> {
        Drawn::new(shape, 20_000.0, 3_600, &Costs::default(), seed).unwrap().collect()
    }

    #[test]
    fn as_many_come_as_were_asked_for_in_order_and_take_what_they_should() {
        for shape in [Shape::Steady, Shape::Contest, Shape::Rejudge] {
            let all = drawn(shape, 1);
            assert!((19_400..20_600).contains(&all.len()), "{shape:?}: {}", all.len());
            assert!(all.is_sorted_by_key(|arrival| arrival.at));
            let mean = all.iter().map(|arrival| arrival.seconds).sum::<f64>() / all.len() as f64;
            assert!((mean / Costs::default().mean_seconds() - 1.0).abs() < 0.05, "{shape:?}: {mean}");
            assert_eq!(all, drawn(shape, 1), "the same seed, the same day");
            assert_ne!(all, drawn(shape, 2));
        }
    }

    #[test]
    fn each_shape_has_its_peak() {
        let between = |all: &[Arrival], lane, from: u64, to: u64| {
            let within =
                |arrival: &&Arrival| arrival.lane == lane && (from..to).contains(&(arrival.at / 1_000_000));
            all.iter().filter(within).count() as f64
        };
        let contest = drawn(Shape::Contest, 1);
        assert_eq!(between(&contest, Lane::Contest, 0, 360), 0.0);
        let wave =
            between(&contest, Lane::Contest, 590, 710) / between(&contest, Lane::Contest, 2_400, 2_520);
        assert!(wave > 3.0, "{wave}");
        let rejudge = drawn(Shape::Rejudge, 1);
        let flood = between(&rejudge, Lane::Rejudge, 900, 901);
        assert!((3_800.0..4_200.0).contains(&flood), "{flood}");
        assert_eq!(flood, between(&rejudge, Lane::Rejudge, 0, 3_600));
    }

    #[test]
    fn a_record_is_read_as_results_are_written() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("results.ndjson");
        let lines = r#"{"index": 1, "result": {"created_at": "2026-11-01T10:00:02Z", "started_at": "2026-11-01T10:00:03Z", "finished_at": "2026-11-01T10:00:03.5Z", "lane": "contest", "language": "c", "verdict": "AC"}}

{"created_at": "2026-11-01T10:00:00Z", "lane": "rejudge", "language": "java"}
"#;
        std::fs::write(&file, lines).unwrap();
        let costs = Costs::default();
        let java = costs.languages["java"].seconds + 1.0;
        let two = recorded(&file, &costs, false).unwrap();
        assert_eq!(two[0], Arrival { at: 0, lane: Lane::Rejudge, seconds: java });
        assert_eq!(two[1], Arrival { at: 2_000_000, lane: Lane::Contest, seconds: 0.5 });
        let c = costs.languages["c"].seconds + 1.0;
        assert_eq!(recorded(&file, &costs, true).unwrap()[1].seconds, c);
        std::fs::write(&file, "{\"lane\": \"contest\"}\n").unwrap();
        let error = format!("{:#}", recorded(&file, &costs, false).unwrap_err());
        assert!(error.contains("results.ndjson:1: wants created_at, lane and language"), "{error}");
    }
}
