//! `GET /statistics`

use std::collections::BTreeMap;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::State;
use gavel_model::Verdict;
use jiff::{SignedDuration, Timestamp, ToSpan as _, tz::TimeZone};
use serde_json::{Value, json};

use super::door::{DOOR, Judge0};
use super::error::Judge0Error;
use super::outcome::description;
use super::query::Pairs;
use crate::store::DoorCount;

/// How long an answer is told again.
const CACHED: Duration = Duration::from_secs(600);

/// How many submissions there were: in all, today, on each of the last 30 days, by language and by status.
pub async fn get(State(door): State<Judge0>, query: Pairs) -> Result<Json<Value>, Judge0Error> {
    let now = Instant::now();
    let kept = door.statistics.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if let Some((until, told)) = kept
        && now < until
        && !query.is_true("invalidate_cache")
    {
        return Ok(Json(told));
    }
    let counts = door.app.store.door_counts(DOOR).await?;
    let told = statistics(&door, &counts, Timestamp::now());
    *door.statistics.lock().unwrap_or_else(PoisonError::into_inner) = Some((now + CACHED, told.clone()));
    Ok(Json(told))
}

fn statistics(door: &Judge0, counts: &[DoorCount], now: Timestamp) -> Value {
    let today = now.to_zoned(TimeZone::UTC).date();
    let of_day = |day: &str| counts.iter().filter(|one| one.day == day).map(|one| one.count).sum::<u64>();
    let days: BTreeMap<String, u64> = (0..30)
        .filter_map(|back| today.checked_sub(back.days()).ok())
        .map(|day| (day.to_string(), of_day(&day.to_string())))
        .collect();
    let mut languages: BTreeMap<&str, u64> = BTreeMap::new();
    let mut statuses: BTreeMap<u8, u64> = BTreeMap::new();
    for one in counts {
        *languages.entry(&one.language).or_default() += one.count;
        *statuses.entry(status(one.verdict)).or_default() += one.count;
    }
    let languages = languages.into_iter().map(|(id, count)| {
        let spec = door.app.languages.get(id);
        let number = spec.and_then(|spec| spec.ids.judge0.first().copied());
        let name = spec.map_or(id, |spec| spec.name.as_str());
        json!({ "language": { "id": number, "name": name }, "count": count })
    });
    let statuses = statuses
        .into_iter()
        .map(|(id, count)| json!({ "status": { "id": id, "name": description(id) }, "count": count }));
    let until = now.saturating_add(SignedDuration::try_from(CACHED).unwrap_or_default()).unwrap_or(now);
    json!({
        "created_at": now.to_string(),
        "cached_until": until.to_string(),
        "submissions": {
            "total": counts.iter().map(|one| one.count).sum::<u64>(),
            "today": of_day(&today.to_string()),
            "last_30_days": days,
        },
        "languages": languages.collect::<Vec<_>>(),
        "statuses": statuses.collect::<Vec<_>>(),
        // Not told: the store is not this door's alone.
        "database": { "size_pretty": "0 bytes", "size_in_bytes": 0 },
    })
}

/// The status that a verdict is counted as.
const fn status(verdict: Option<Verdict>) -> u8 {
    match verdict {
        None => 1,
        Some(Verdict::Ac) => 3,
        Some(Verdict::Wa | Verdict::Pa) => 4,
        Some(Verdict::Tle) => 5,
        Some(Verdict::Ce) => 6,
        Some(Verdict::Mle | Verdict::Ole | Verdict::Rte) => 11,
        Some(Verdict::Je | Verdict::Canceled) => 13,
    }
}
