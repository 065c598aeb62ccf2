//! The Postgres store: the suite of every store, and what only a server can go through.

use std::path::Path;
use std::time::Duration;

use gavel_api::StoreConfig;
use gavel_api::auth::Owner;
use gavel_api::store::{
    BatchId, Begun, Cancellation, Completion, EntryKind, Filter, Finish, Inserted, NewEntry, NewSubmission,
    Once, SqlStore, Store as _, StoreNews, Task, greet,
};
use gavel_model::{Checker, JudgeResult, Lane, Payload, Submission, Verdict, Work};
use gavel_problem::FileIo;
use gavel_testkit::PostgresDatabase;
use sqlx::migrate::Migrator;
use sqlx::{AssertSqlSafe, Executor as _, PgPool, Row as _};
use tokio::sync::mpsc;

use super::submissions::submission;
use crate::kit::within;
use crate::kit::worker::verdict;

pub fn settings(database: &PostgresDatabase) -> StoreConfig {
    let patience = Duration::from_secs(10);
    StoreConfig { url: database.url().as_str().into(), patience, ..StoreConfig::default() }
}

async fn empty() -> (PostgresDatabase, SqlStore) {
    let database = PostgresDatabase::new().await;
    let store = SqlStore::open(&settings(&database)).await.unwrap();
    (database, store)
}

super::suite!(empty);

/// Two processes that share a database, begun at once.
async fn two() -> (PostgresDatabase, SqlStore, SqlStore) {
    let database = PostgresDatabase::new().await;
    let config = settings(&database);
    let (one, other) = tokio::join!(SqlStore::open(&config), SqlStore::open(&config));
    (database, one.unwrap(), other.unwrap())
}

#[tokio::test]
async fn what_one_process_stores_another_hears() {
    let (_database, one, other) = two().await;
    let (sender, mut news) = mpsc::channel(64);
    let heard = async {
        assert_eq!(news.recv().await, Some(StoreNews::Missed), "from now on");
        let single = submission(Lane::Practice, Duration::ZERO);
        let canceled = submission(Lane::Practice, Duration::ZERO);
        for new in [&single, &canceled] {
            one.insert(new).await.unwrap();
        }
        one.mark_judging(&[single.id]).await.unwrap();
        one.finish(&[verdict(&single, Verdict::Ac), verdict(&single, Verdict::Ac)]).await.unwrap();
        assert_eq!(news.recv().await, Some(StoreNews::Final(single.id, None)));
        one.cancel(canceled.id).await.unwrap();
        assert_eq!(news.recv().await, Some(StoreNews::Final(canceled.id, None)), "nothing was told before");
        assert!(other.get(canceled.id).await.unwrap().unwrap().result.is_some(), "it is there by then");
    };
    within("it is heard", async {
        tokio::select! {
            () = other.listen(&sender) => panic!("it ends"),
            () = heard => {}
        }
    })
    .await;
}

#[tokio::test]
async fn a_listener_that_was_cut_off_says_so() {
    let (database, one, _) = two().await;
    let (sender, mut news) = mpsc::channel(64);
    within("it is heard", async {
        tokio::select! {
            () = one.listen(&sender) => panic!("it ends"),
            () = async {
                assert_eq!(news.recv().await, Some(StoreNews::Missed));
                database.cut().await;
                assert_eq!(news.recv().await, Some(StoreNews::Missed), "over a new connection");
                let single = submission(Lane::Practice, Duration::ZERO);
                one.insert(&single).await.unwrap();
                one.finish(&[verdict(&single, Verdict::Ac)]).await.unwrap();
                assert_eq!(news.recv().await, Some(StoreNews::Final(single.id, None)));
            } => {}
        }
    })
    .await;
}

/// The task is the first one's until it is dropped, or its connection is gone.
#[tokio::test]
async fn a_task_is_one_processs_at_a_time() {
    let (database, one, other) = two().await;
    let tidy = async |store: &SqlStore| store.turn(Task::Tidy).await.unwrap();
    let held = tidy(&one).await;
    assert!(held.is_some());
    assert!(tidy(&other).await.is_none() && tidy(&one).await.is_none());
    drop(held);
    let held = within("it is given back", async {
        loop {
            if let Some(held) = tidy(&other).await {
                return held;
            }
        }
    })
    .await;
    assert!(tidy(&one).await.is_none());
    database.cut().await;
    assert!(tidy(&one).await.is_some(), "the process that had it is gone");
    drop(held);

    let held = one.turn(Task::HandOver(Lane::Contest)).await.unwrap();
    assert!(other.turn(Task::HandOver(Lane::Rejudge)).await.unwrap().is_some(), "another lane");
    let mut waits = std::pin::pin!(other.turn(Task::HandOver(Lane::Contest)));
    let early = tokio::time::timeout(Duration::from_millis(50), &mut waits).await;
    assert!(early.is_err(), "it waits for the first");
    drop(held);
    assert!(within("its turn", waits).await.unwrap().is_some());
}

/// Two processes that claim from one lane at once, a hundred submissions in all: each is claimed once.
#[tokio::test]
async fn of_two_that_claim_each_has_its_own() {
    let (_database, one, other) = two().await;
    let all: Vec<_> = (0..100).map(|_| submission(Lane::Practice, Duration::ZERO)).collect();
    futures_util::future::join_all(all.iter().map(|new| one.insert(new))).await;
    let claim_all = async |store: &SqlStore| {
        let mut claimed = Vec::new();
        loop {
            let some = store.claim(Lane::Practice, "", 7, Duration::from_secs(60)).await.unwrap();
            if some.is_empty() {
                return claimed;
            }
            claimed.extend(some.iter().map(|one| one.id));
        }
    };
    let (mut first, second) = tokio::join!(claim_all(&one), claim_all(&other));
    first.extend(second);
    first.sort();
    let mut wanted: Vec<_> = all.iter().map(|new| new.id).collect();
    wanted.sort();
    assert_eq!(first, wanted);
}

/// Results and cancellations of the same batches from all sides, in orders that would lock each other out.
#[tokio::test]
async fn processes_that_end_the_same_submissions_do_not_stop_each_other() {
    let (_database, one, other) = two().await;
    let (a, mut submissions) = batch(&one, 20).await;
    let (b, more) = batch(&other, 20).await;
    submissions.extend(more);
    let results: Vec<_> = submissions.iter().map(|one| verdict(one, Verdict::Ac)).collect();
    let reversed: Vec<_> = results.iter().rev().cloned().collect();
    let ids: Vec<_> = submissions.iter().map(|one| one.id).collect();
    let cancel = async |store: &SqlStore, id| {
        let mut count = 0;
        loop {
            match store.cancel_some(id, 3).await.unwrap().len() {
                0 => return count,
                some => count += some,
            }
        }
    };
    let finish = async |store: &SqlStore, results: &[gavel_model::JudgeResult]| {
        let mut first = 0;
        for part in results.chunks(8) {
            let outcomes = store.finish(part).await.unwrap();
            first += outcomes.iter().filter(|outcome| matches!(outcome, Finish::First(_))).count();
        }
        first
    };
    let (x, y, canceled, marked) = tokio::join!(
        finish(&one, &results),
        finish(&other, &reversed),
        async { cancel(&one, b).await + cancel(&other, a).await },
        other.mark_published(&ids),
    );
    marked.unwrap();
    assert_eq!(x + y + canceled, ids.len(), "each ended once");
    for id in [a, b] {
        let finished = one.finished_entries(id, 0, 100).await.unwrap();
        let turns: Vec<_> = finished.iter().map(|entry| entry.turn).collect();
        assert_eq!(turns, (1..=20).collect::<Vec<_>>(), "each has its turn");
    }
}

async fn batch(store: &SqlStore, count: u32) -> (BatchId, Vec<Submission>) {
    let (id, owner) = (BatchId::new(), "a".parse().unwrap());
    assert_eq!(store.begin_batch(id, &owner, None, None, None).await.unwrap(), Begun::New);
    let submissions: Vec<_> = (0..count).map(|_| submission(Lane::Practice, Duration::ZERO)).collect();
    let entries: Vec<_> = (0..)
        .zip(&submissions)
        .map(|(place, one)| {
            let entry = EntryKind::Submission(Box::new(one.clone()));
            NewEntry { place, callback: None, entry }
        })
        .collect();
    store.extend_batch(id, &entries).await.unwrap();
    assert!(store.complete_batch(id, Completion::default()).await.unwrap());
    (id, submissions)
}

#[tokio::test]
async fn what_counts_holds_over_all_processes() {
    let (_database, one, other) = two().await;
    let owner: Owner = "a".parse().unwrap();
    let key = Once { key: "k".to_owned(), sha256: Some([1; 32]) };
    let all: Vec<_> = (0..20).map(|_| submission(Lane::Practice, Duration::ZERO)).collect();
    let insert = async |(k, new): (usize, &Submission), once| {
        let new =
            NewSubmission { owner: Some(&owner), once, most_unfinished: Some(3), ..NewSubmission::new(new) };
        [&one, &other][k % 2].insert_new(new).await.unwrap()
    };
    let same = all.iter().enumerate().take(10).map(|new| insert(new, Some(&key)));
    let same = futures_util::future::join_all(same).await;
    assert_eq!(same.iter().filter(|outcome| **outcome == Inserted::Kept).count(), 1, "{same:?}");
    assert_eq!(same.iter().filter(|outcome| matches!(outcome, Inserted::Before(_))).count(), 9, "{same:?}");
    let others = all.iter().enumerate().skip(10).map(|new| insert(new, None));
    let others = futures_util::future::join_all(others).await;
    assert_eq!(others.iter().filter(|outcome| **outcome == Inserted::Kept).count(), 2, "{others:?}");
}

/// What holds whoever writes: a later version, an older one during an upgrade, a person with a shell.
#[tokio::test]
async fn no_statement_takes_a_submission_back() {
    let (database, store) = empty().await;
    let mut aside = database.aside().await;
    let done = submission(Lane::Practice, Duration::ZERO);
    let canceled = submission(Lane::Practice, Duration::ZERO);
    let judging = submission(Lane::Practice, Duration::ZERO);
    for new in [&done, &canceled, &judging] {
        store.insert(new).await.unwrap();
    }
    store.finish(&[verdict(&done, Verdict::Wa)]).await.unwrap();
    assert!(matches!(store.cancel(canceled.id).await.unwrap(), Some(Cancellation::Now(..))));
    store.mark_judging(&[judging.id]).await.unwrap();
    for (id, wrong) in [
        (done.id, "state = 'queued', result = NULL, verdict = NULL"),
        (done.id, "verdict = 'AC'"),
        (done.id, "state = 'canceled', verdict = 'CANCELED'"),
        (canceled.id, "state = 'done', verdict = 'AC'"),
        (judging.id, "state = 'queued'"),
        (judging.id, "state = 'lost'"),
        (judging.id, "state = 'done'"),
        (judging.id, "state = 'canceled', result = '{}'"),
        (judging.id, "state = 'done', result = '{}', verdict = 'CANCELED'"),
        (judging.id, "verdict = 'CANCELED'"),
    ] {
        let statement = format!("UPDATE submissions SET {wrong} WHERE id = '{id}'");
        assert!(aside.execute(AssertSqlSafe(statement)).await.is_err(), "{wrong}");
    }
    assert_eq!(store.finish(&[verdict(&judging, Verdict::Ac)]).await.unwrap(), [Finish::First(None)]);
}

/// A plan that scans the table grows with every submission that was ever judged.
#[tokio::test]
async fn what_is_asked_every_second_is_answered_from_an_index() {
    let (database, _store) = empty().await;
    let mut aside = database.aside().await;
    // So small a table is scanned otherwise.
    aside.execute("SET enable_seqscan = off").await.unwrap();
    for (statement, index) in [
        (
            "SELECT id FROM submissions WHERE lane = 'contest' AND coalesce(owner, '') = 'a'
             AND published_at IS NULL AND state IN ('queued', 'judging') AND held = 0
             AND ready_at <= CAST(extract(epoch FROM statement_timestamp()) * 1000 AS bigint)
             ORDER BY batch NULLS FIRST, created_at, id LIMIT 5 FOR UPDATE SKIP LOCKED",
            "submissions_waiting",
        ),
        (
            "SELECT coalesce(owner, ''), count(*) FROM submissions WHERE lane = 'contest'
             AND published_at IS NOT NULL AND state IN ('queued', 'judging') AND held = 0 GROUP BY coalesce(owner, '')",
            "submissions_handed_over",
        ),
        ("SELECT id FROM submissions WHERE batch = 'b' AND turn > 1 ORDER BY turn LIMIT 5", "submissions_of_batch_by_turn"),
        ("SELECT id FROM submissions WHERE held = 0 AND owner = 'a' ORDER BY id DESC LIMIT 5", "submissions_of_owner"),
        (
            "SELECT 1 FROM webhooks WHERE state = 'waiting'
             AND next_at <= CAST(extract(epoch FROM statement_timestamp()) * 1000 AS bigint) LIMIT 1",
            "webhooks_due",
        ),
    ] {
        let plan = aside.fetch_all(AssertSqlSafe(format!("EXPLAIN {statement}"))).await.unwrap();
        let plan: Vec<String> = plan.iter().map(|row| row.get(0)).collect();
        assert!(plan.iter().any(|step| step.contains(index)), "{plan:#?}");
        assert!(!plan.iter().any(|step| step.contains("Sort")), "{plan:#?}");
    }
}

/// Postgres knows no NUL in texts, clients do.
#[tokio::test]
async fn a_nul_is_stored_where_a_source_has_one_and_finds_nothing_elsewhere() {
    let (_database, store) = empty().await;
    let work = Work::Run {
        stdin: Payload::Text("a\0b".to_owned()),
        expected_output: None,
        checker: Checker::default(),
        file_io: FileIo::default(),
    };
    let one = Submission { work, ..submission(Lane::Practice, Duration::ZERO) };
    store.insert(&one).await.unwrap();
    assert_eq!(store.submission(one.id).await.unwrap(), Some(one));
    let filter = Filter { language: Some("cpp\0".to_owned()), ..Filter::default() };
    assert_eq!(store.list(&filter, 9).await.unwrap(), []);
    assert_eq!(store.versions("sum\0", "", 9).await.unwrap(), []);
}

#[tokio::test]
async fn what_cannot_be_reached_is_told_without_a_secret() {
    let port = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let config = StoreConfig {
        url: format!("postgres://gavel:hunter2@127.0.0.1:{port}/gavel").into(),
        patience: Duration::from_millis(100),
        ..StoreConfig::default()
    };
    let error = SqlStore::open(&config).await.map(drop).unwrap_err();
    assert_eq!(error.kind(), "open");
    assert!(error.to_string().contains(&format!("127.0.0.1:{port}/gavel")), "{error}");
    assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
}

/// The password is a setting of its own, so that it may come from a file; a server without TLS is refused where TLS is asked
/// for.
#[tokio::test]
async fn a_password_of_its_own_lets_in_and_tls_is_not_given_up_silently() {
    let database = PostgresDatabase::new().await;
    let mut url = database.url();
    let password = url.password().unwrap().to_owned();
    url.set_password(None).unwrap();
    let with = async |url: &str, password: &str| {
        let config = StoreConfig { url: url.into(), password: password.into(), ..settings(&database) };
        SqlStore::open(&config).await.map(drop)
    };
    with(url.as_str(), &password).await.unwrap();
    let config =
        StoreConfig { url: url.as_str().into(), password: password.as_str().into(), ..settings(&database) };
    assert!(greet(&config).await.unwrap().starts_with("PostgreSQL 1"));
    assert_eq!(with(url.as_str(), "wrong").await.unwrap_err().kind(), "open");
    url.set_query(Some("sslmode=verify-full"));
    let refused = with(url.as_str(), &password).await.unwrap_err();
    assert_eq!(refused.kind(), "open");
}

#[tokio::test]
async fn results_of_before_there_were_rejudges_have_their_scores_compared() {
    let database = PostgresDatabase::new().await;
    let old = tempfile::tempdir().unwrap();
    let known = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/postgres/0001_tables.sql");
    std::fs::copy(known, old.path().join("0001_tables.sql")).unwrap();
    let pool = PgPool::connect(database.url().as_str()).await.unwrap();
    Migrator::new(old.path()).await.unwrap().run(&pool).await.unwrap();
    let judged = [Some(12.5), None].map(|score| {
        let one = submission(Lane::Practice, Duration::ZERO);
        let (checker_message, error) = (Some("a\0b".to_owned()), Some("\"score\":7,".to_owned()));
        let mut result = JudgeResult { score, error, ..verdict(&one, Verdict::Pa) };
        result.tests[0].checker_message = checker_message;
        (one.id.to_string(), score, serde_json::to_string(&result).unwrap())
    });
    for (id, _, result) in &judged {
        let insert = sqlx::query(
            "INSERT INTO submissions (id, lane, language, created_at, body, problem, state, verdict, result)
             VALUES ($1, 'practice', 'go', 0, '{}', 'sum', 'done', 'PA', $2)",
        );
        insert.bind(id).bind(result).execute(&pool).await.unwrap();
    }
    SqlStore::open(&settings(&database)).await.unwrap().close().await;
    for (id, score, _) in &judged {
        let kept = sqlx::query_scalar("SELECT score FROM submissions WHERE id = $1").bind(id);
        let kept: Option<String> = kept.fetch_one(&pool).await.unwrap();
        assert_eq!(kept, score.map(|score| score.to_string()));
    }
}

#[tokio::test]
async fn a_rejudge_that_one_process_applies_is_told_to_who_follows_a_batch_at_another() {
    let (_database, one, other) = two().await;
    let (batch, submissions) = super::rejudges::batch_of(&one, &[Verdict::Wa]).await;
    let (id, copies) = super::rejudges::rejudge(&one, &submissions).await;
    one.finish(&[verdict(&copies[0], Verdict::Ac)]).await.unwrap();
    let (sender, mut news) = mpsc::channel(64);
    let heard = async {
        assert_eq!(news.recv().await, Some(StoreNews::Missed), "from now on");
        one.apply_rejudge(id, false).await.unwrap();
        let Some(StoreNews::Final(_, of)) = news.recv().await else { panic!("nothing of a batch") };
        assert_eq!(of, Some(batch));
    };
    within("the news", async {
        tokio::select! {
            () = other.listen(&sender) => panic!("it ended"),
            () = heard => {}
        }
    })
    .await;
}
