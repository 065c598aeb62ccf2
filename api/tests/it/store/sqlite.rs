//! The `SQLite` store: the suite of every store, and what only a file can go through.

use std::path::Path;
use std::time::Duration;

use gavel_api::store::{Finish, SqlStore, Store as _, SubmissionState};
use gavel_model::{Lane, Verdict};
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};
use tempfile::TempDir;

use super::submissions::{claim_all, submission};
use crate::kit::disk::SmallDisk;
use crate::kit::worker::verdict;

async fn open(folder: &Path) -> SqlStore {
    SqlStore::file(&folder.join("new/gavel.db")).await.unwrap()
}

async fn empty() -> (TempDir, SqlStore) {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    (folder, store)
}

super::suite!(empty);

/// The file itself, past the store.
async fn raw(folder: &Path) -> SqlitePool {
    let options = SqliteConnectOptions::new().filename(folder.join("new/gavel.db")).create_if_missing(true);
    SqlitePool::connect_with(options).await.unwrap()
}

#[tokio::test]
async fn a_file_keeps_what_it_was_given() {
    let folder = tempfile::tempdir().unwrap();
    let one = submission(Lane::Practice, Duration::ZERO);
    let store = open(folder.path()).await;
    store.insert(&one).await.unwrap();
    store.close().await;
    assert_eq!(open(folder.path()).await.get(one.id).await.unwrap().unwrap().id, one.id);
}

#[tokio::test]
async fn a_file_of_version_0_1_is_brought_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("new")).unwrap();
    let old = folder.path().join("migrations");
    std::fs::create_dir(&old).unwrap();
    for name in ["0001_submissions.sql", "0002_problems.sql"] {
        let known = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/sqlite").join(name);
        std::fs::copy(known, old.join(name)).unwrap();
    }
    let file = raw(folder.path()).await;
    Migrator::new(old).await.unwrap().run(&file).await.unwrap();
    let (waiting, judged) =
        (submission(Lane::Contest, Duration::ZERO), submission(Lane::Contest, Duration::ZERO));
    let result = verdict(&judged, Verdict::Wa);
    for (one, result) in [(&waiting, None), (&judged, Some(&result))] {
        sqlx::query("INSERT INTO submissions (id, lane, language, created_at, body, result) VALUES (?, ?, ?, ?, ?, ?)")
            .bind(one.id.to_string())
            .bind(one.lane.as_str())
            .bind(&one.language)
            .bind(one.created_at.as_millisecond())
            .bind(serde_json::to_string(one).unwrap())
            .bind(result.map(|result| serde_json::to_string(result).unwrap()))
            .execute(&file)
            .await
            .unwrap();
    }
    file.close().await;

    let store = open(folder.path()).await;
    let (first, second) =
        (store.get(waiting.id).await.unwrap().unwrap(), store.get(judged.id).await.unwrap().unwrap());
    assert_eq!((first.state, first.result), (SubmissionState::Queued, None));
    assert_eq!((second.state, second.result), (SubmissionState::Done, Some(result)));
    assert_eq!(claim_all(&store, Lane::Contest).await, std::slice::from_ref(&waiting));
    assert_eq!(store.finish(&[verdict(&waiting, Verdict::Ac)]).await.unwrap(), [Finish::First(None)]);
}

/// What holds whoever writes: a later version, an older one during an upgrade, a person with a shell.
#[tokio::test]
async fn no_statement_takes_a_submission_back() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let file = raw(folder.path()).await;
    let order = ["queued", "judging", "done"];
    let set = async |id: String, state: &str| {
        let result = ["done", "canceled"].contains(&state).then_some("{}");
        let verdict = (state == "canceled").then_some("CANCELED");
        let statement = sqlx::query("UPDATE submissions SET state = ?, result = ?, verdict = ? WHERE id = ?");
        statement.bind(state).bind(result).bind(verdict).bind(id).execute(&file).await.map(drop)
    };
    for (before, from) in order.iter().enumerate() {
        for to in ["queued", "judging", "done", "canceled"] {
            let one = submission(Lane::Practice, Duration::ZERO);
            store.insert(&one).await.unwrap();
            for state in &order[1..=before] {
                set(one.id.to_string(), state).await.unwrap();
            }
            let allowed =
                *from != "done" && order.iter().position(|state| *state == to).is_none_or(|to| to >= before);
            assert_eq!(set(one.id.to_string(), to).await.is_ok(), allowed, "{from} to {to}");
        }
    }
    let one = submission(Lane::Practice, Duration::ZERO);
    store.insert(&one).await.unwrap();
    set(one.id.to_string(), "canceled").await.unwrap();
    for to in order {
        assert!(set(one.id.to_string(), to).await.is_err(), "canceled to {to}");
    }
    assert_eq!(store.finish(&[verdict(&one, Verdict::Ac)]).await.unwrap(), [Finish::Canceled]);
    store.insert(&submission(Lane::Practice, Duration::ZERO)).await.unwrap();
    for wrong in [
        "UPDATE submissions SET state = 'lost'",
        "UPDATE submissions SET state = 'done' WHERE result IS NULL",
        "UPDATE submissions SET state = 'canceled', verdict = 'CANCELED' WHERE state = 'queued'",
        "UPDATE submissions SET state = 'canceled', result = '{}' WHERE state = 'queued'",
        "UPDATE submissions SET state = 'canceled', result = '{}', verdict = 'AC' WHERE state = 'queued'",
        "UPDATE submissions SET state = 'done', result = '{}', verdict = 'CANCELED' WHERE state = 'queued'",
        "UPDATE submissions SET verdict = 'CANCELED' WHERE state = 'queued'",
    ] {
        assert!(sqlx::query(wrong).execute(&file).await.is_err(), "{wrong}");
    }
}

/// A plan that scans the table grows with every submission that was ever judged.
#[tokio::test]
async fn what_is_asked_every_second_is_answered_from_an_index() {
    let folder = tempfile::tempdir().unwrap();
    let _store = open(folder.path()).await;
    let file = raw(folder.path()).await;
    for (statement, index) in [
        (
            "SELECT id FROM submissions INDEXED BY submissions_waiting WHERE lane = 'contest' AND coalesce(owner, '') = 'a'
             AND published_at IS NULL AND state IN ('queued', 'judging') AND held = 0
             AND ready_at <= CAST(round(unixepoch('subsec') * 1000) AS INTEGER)
             ORDER BY batch, created_at, id LIMIT 5",
            "submissions_waiting (lane=? AND <expr>=?)",
        ),
        (
            "SELECT coalesce(owner, ''), count(*) FROM submissions INDEXED BY submissions_handed_over WHERE lane = 'contest'
             AND published_at IS NOT NULL AND state IN ('queued', 'judging') AND held = 0 GROUP BY coalesce(owner, '')",
            "submissions_handed_over (lane=?)",
        ),
        (
            "SELECT lane, min(created_at) FROM submissions WHERE state IN ('queued', 'judging') AND held = 0 GROUP BY lane",
            "submissions_unfinished",
        ),
        (
            "SELECT count(*) FROM submissions WHERE owner = 'a' AND batch IS NULL AND state IN ('queued', 'judging')",
            "submissions_unfinished_of_owner",
        ),
        (
            "SELECT state, verdict, count(*) FROM submissions WHERE batch = 'b' GROUP BY state, verdict",
            "submissions_of_batch_by_verdict",
        ),
        (
            "SELECT 1 FROM webhooks WHERE state = 'waiting'
             AND next_at <= CAST(round(unixepoch('subsec') * 1000) AS INTEGER) LIMIT 1",
            "webhooks_due",
        ),
        (
            "SELECT id FROM submissions WHERE batch = 'b' AND turn > 1 ORDER BY turn LIMIT 5",
            "submissions_of_batch_by_turn",
        ),
        ("SELECT id FROM submissions WHERE held = 0 AND owner = 'a' ORDER BY id DESC LIMIT 5", "submissions_of_owner"),
    ] {
        let plan: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}"))).fetch_all(&file).await.unwrap();
        assert!(plan.iter().any(|step| step.3.contains(index)), "{plan:?}");
        assert!(!plan.iter().any(|step| step.3.contains("TEMP B-TREE")), "{plan:?}");
    }
}

/// A real file system without room: what is refused is refused as a whole, what is there can be read, and once there
/// is room the same call works.
#[tokio::test]
async fn a_full_disk_refuses_what_is_new_and_keeps_what_is_there() {
    let disk = SmallDisk::new();
    let store = open(disk.path()).await;
    let kept = submission(Lane::Practice, Duration::ZERO);
    store.insert(&kept).await.unwrap();
    let filler = disk.fill();
    let mut refused = None;
    // There may be room in pages that the file has already.
    for _ in 0..1_000 {
        let one = submission(Lane::Practice, Duration::ZERO);
        if let Err(error) = store.insert(&one).await {
            refused = Some((one, error));
            break;
        }
    }
    let (one, error) = refused.expect("a full disk takes everything");
    assert_eq!((error.kind(), error.is_temporary()), ("full", true), "{error:?}");
    assert_eq!(store.get(one.id).await.unwrap(), None, "nothing of it is there");
    assert_eq!(store.get(kept.id).await.unwrap().unwrap().id, kept.id);
    let results = [verdict(&kept, Verdict::Ac), verdict(&one, Verdict::Ac)];
    assert_eq!(store.finish(&results).await.unwrap_err().kind(), "full");
    assert_eq!(store.get(kept.id).await.unwrap().unwrap().state, SubmissionState::Queued, "all or none");
    std::fs::remove_file(filler).unwrap();
    assert_eq!(store.finish(&results).await.unwrap(), [Finish::First(None), Finish::Unknown]);
    store.insert(&one).await.unwrap();
    store.close().await;
}

#[tokio::test]
async fn a_damaged_row_is_told_by_its_name_and_holds_up_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let (broken, whole) =
        (submission(Lane::Contest, Duration::from_secs(9)), submission(Lane::Contest, Duration::ZERO));
    for one in [&broken, &whole] {
        store.insert(one).await.unwrap();
    }
    store.finish(&[verdict(&broken, Verdict::Ac)]).await.unwrap();
    let file = raw(folder.path()).await;
    let id = broken.id.to_string();
    sqlx::query("DROP TRIGGER submissions_state_goes_forward").execute(&file).await.unwrap();
    sqlx::query("UPDATE submissions SET result = '{' WHERE id = ?").bind(&id).execute(&file).await.unwrap();
    let error = store.get(broken.id).await.unwrap_err();
    assert_eq!((error.kind(), error.is_temporary()), ("damaged", false));
    assert!(error.to_string().contains(&id), "{error}");
    sqlx::query("UPDATE submissions SET state = 'queued', result = NULL, body = '{' WHERE id = ?")
        .bind(&id)
        .execute(&file)
        .await
        .unwrap();
    assert_eq!(claim_all(&store, Lane::Contest).await, [whole]);
}

#[tokio::test]
async fn what_is_no_store_is_not_opened() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gavel.db");
    std::fs::write(&path, "not a database, but long enough to look like one".repeat(100)).unwrap();
    let error = SqlStore::file(&path).await.map(drop).unwrap_err();
    assert_eq!(error.kind(), "open");
    assert!(error.to_string().contains("gavel.db"), "{error}");
}
