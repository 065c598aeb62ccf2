//! Which containers and volumes are nobody's.

use std::time::Duration;

use bollard::models::ContainerSummaryStateEnum::{CREATED, DEAD, EXITED};
use bollard::models::{ContainerSummary, Volume};

use super::create::{Identity, LABEL_BOOT, LABEL_WORKER};

/// A container younger than this may still be on its way into the table of the living.
const GRACE: Duration = Duration::from_secs(60);
/// A container that another worker created this long ago and that does not run will never run.
const STILL_GRACE: Duration = Duration::from_secs(5 * 60);
/// A volume that another worker made this long ago is no living submission's.
const VOLUME_GRACE: Duration = Duration::from_secs(24 * 60 * 60);

/// Whether a container that is not among the living is left over: by an earlier life of this worker, by this life
/// and forgotten, or by any worker that was killed, for a fleet's dead workers never come back under the same name, and the engine's
/// `AutoRemove` takes neither what never ran nor what ended while the engine was away.
pub(super) fn is_left_over(container: &ContainerSummary, identity: &Identity, now_s: i64) -> bool {
    let label = |name| container.labels.as_ref().and_then(|labels| labels.get(name));
    let older_than = |age: Duration| {
        let age_s = i64::try_from(age.as_secs()).unwrap_or(i64::MAX);
        container.created.is_some_and(|created| now_s.saturating_sub(created) > age_s)
    };
    if label(LABEL_WORKER) != Some(&identity.worker) {
        return has_stopped(container) && older_than(STILL_GRACE);
    }
    label(LABEL_BOOT) != Some(&identity.boot) || older_than(GRACE)
}

/// Whether nothing runs in a container, or ever did.
pub(super) fn has_stopped(container: &ContainerSummary) -> bool {
    container.state.is_some_and(|state| [CREATED, EXITED, DEAD].contains(&state))
}

/// [`is_left_over`] of a volume that no container uses just now. One of another worker is left over when it is older than any submission is
/// judged for: between two tests nobody uses it, either.
pub(super) fn volume_is_left_over(volume: &Volume, identity: &Identity, now_s: i64) -> bool {
    if volume.labels.get(LABEL_WORKER) == Some(&identity.worker) {
        return volume.labels.get(LABEL_BOOT) != Some(&identity.boot);
    }
    let created: Option<jiff::Timestamp> = volume.created_at.as_ref().and_then(|at| at.parse().ok());
    let grace_s = i64::try_from(VOLUME_GRACE.as_secs()).unwrap_or(i64::MAX);
    created.is_some_and(|created| now_s.saturating_sub(created.as_second()) > grace_s)
}

#[cfg(test)]
mod tests {
    use super::*;
    use bollard::models::ContainerSummaryStateEnum::{self, RUNNING};
    use test_case::test_case;

    #[test_case("me", "now", RUNNING, 10 => false; "young and ours")]
    #[test_case("me", "now", RUNNING, 61 => true; "ours and forgotten")]
    #[test_case("me", "before", RUNNING, 0 => true; "of an earlier life")]
    #[test_case("me", "before", CREATED, 0 => true; "of an earlier life and never started")]
    #[test_case("other", "theirs", RUNNING, 100_000 => false; "of another worker and alive")]
    #[test_case("other", "theirs", CREATED, 299 => false; "of another worker that may yet start it")]
    #[test_case("other", "theirs", CREATED, 301 => true; "of another worker and never started")]
    #[test_case("other", "theirs", EXITED, 299 => false; "of another worker and on its way out")]
    #[test_case("other", "theirs", EXITED, 301 => true; "of another worker and not taken away by the engine")]
    fn a_container(worker: &str, boot: &str, state: ContainerSummaryStateEnum, age_s: i64) -> bool {
        let labels = [(LABEL_WORKER, worker), (LABEL_BOOT, boot)];
        let container = ContainerSummary {
            labels: Some(labels.map(|(key, value)| (key.to_owned(), value.to_owned())).into()),
            state: Some(state),
            created: Some(1_000_000 - age_s),
            ..ContainerSummary::default()
        };
        let identity = Identity { worker: "me".to_owned(), boot: "now".to_owned() };
        is_left_over(&container, &identity, 1_000_000)
    }

    #[test_case("me", "now", "2026-03-01T11:00:00Z" => false; "ours")]
    #[test_case("me", "before", "2026-03-01T12:00:00Z" => true; "of an earlier life")]
    #[test_case("other", "theirs", "2026-02-28T12:00:01Z" => false; "of another worker that may yet use it")]
    #[test_case("other", "theirs", "2026-02-28T13:59:59+02:00" => true; "of another worker that never will")]
    #[test_case("other", "theirs", "" => false; "of unknown age")]
    fn a_volume(worker: &str, boot: &str, created: &str) -> bool {
        let labels = [(LABEL_WORKER, worker), (LABEL_BOOT, boot)];
        let volume = Volume {
            labels: labels.map(|(key, value)| (key.to_owned(), value.to_owned())).into(),
            created_at: Some(created.to_owned()),
            ..Volume::default()
        };
        let identity = Identity { worker: "me".to_owned(), boot: "now".to_owned() };
        let now: jiff::Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
        volume_is_left_over(&volume, &identity, now.as_second())
    }
}
