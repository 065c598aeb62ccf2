//! Rejudges: batches of copies whose results may become those of the submissions.

use gavel_model::{SubmissionId, Verdict};
use jiff::Timestamp;

use super::database::{Database, Dialect, Transaction};
use super::list::verdict;
use super::rows::{
    Row, column, damaged, encode, json, number, optional_number, optional_parsed, optional_time, parsed,
    state,
};
use super::statement::sql;
use super::webhooks;
use crate::principal::Owner;
use crate::store::{
    Application, BatchId, Candidate, Change, Outcome, PastResult, Rejudge, RejudgeItem, Rejudged, Selection,
    StoreError, Subject,
};

/// Copies (`c`) of the rejudge `$1`, the submissions (`o`), and the results that the rejudge replaced (`r`).
const COMPARED: &str = "FROM submissions c
     LEFT JOIN submissions o ON o.id = c.copy_of
     LEFT JOIN replaced_results r ON r.rejudge = c.batch AND r.submission = c.copy_of
     WHERE c.batch = $1";

/// The result before the rejudge was applied, and whether it is another one.
const OLD: &str = "coalesce(r.verdict, o.verdict)";
const OLD_SCORE: &str = "CASE WHEN r.submission IS NULL THEN o.score ELSE r.score END";
const HAS_VERDICT: &str = "c.state = 'done' AND c.verdict <> 'JE'";

fn changed() -> String {
    format!(
        "CASE WHEN {HAS_VERDICT} AND o.id IS NOT NULL
              AND ({OLD} <> c.verdict OR {OLD_SCORE} IS DISTINCT FROM c.score) THEN 1 ELSE 0 END"
    )
}

/// What makes a row of `batches` a rejudge.
pub(super) fn of_batch(row: &Row) -> Result<Option<Rejudge>, StoreError> {
    let Some(asked) = column::<Option<String>>(row, "rejudge")? else { return Ok(None) };
    let count = optional_number(row, "applied")?;
    Ok(Some(Rejudge { asked, applied: optional_time(row, "applied_at")?.zip(count) }))
}

pub(super) async fn selected(
    database: &Database,
    selection: &Selection,
    after: Option<SubmissionId>,
    limit: u32,
) -> Result<Vec<SubmissionId>, StoreError> {
    let Selection { owner, batch, problem, sha256_prefix, language, verdicts } = selection;
    let words: Vec<_> = verdicts.iter().map(|verdict| verdict.as_str()).collect();
    let texts = database.dialect().texts_of_list();
    // The list is the first parameter, as the dialect writes it.
    let mut query = sql(format!(
        "SELECT id FROM submissions WHERE held = 0 AND copy_of IS NULL
         AND (NOT $2 OR verdict IN (SELECT value FROM {texts}))"
    ))
    .bind(encode(&words)?)
    .bind(!words.is_empty());
    let conditions = [
        (" AND owner = ", owner.as_ref().map(|owner| owner.as_str().to_owned())),
        (" AND batch = ", batch.map(|batch| batch.to_string())),
        (" AND problem = ", problem.clone()),
        (" AND language = ", language.clone()),
        (" AND id > ", after.map(|after| after.to_string())),
    ];
    for (condition, value) in conditions {
        if let Some(value) = value {
            query = query.push_bind(condition, value);
        }
    }
    if !sha256_prefix.is_empty() {
        query = query.push_bind(" AND substr(problem_sha256, 1, length(", sha256_prefix).push(")) = ");
        query = query.push_bind("", sha256_prefix);
    }
    let rows = query.push_bind(" ORDER BY id LIMIT ", limit).all(database).await?;
    rows.iter().map(|row| parsed(row, "id")).collect()
}

pub(super) async fn candidates(
    database: &Database,
    ids: &[SubmissionId],
) -> Result<Vec<Candidate>, StoreError> {
    let ids_of = database.dialect().texts_of_list();
    sql(format!(
        "SELECT id, owner, state, problem_sha256, body FROM submissions
         WHERE held = 0 AND copy_of IS NULL AND id IN (SELECT value FROM {ids_of})"
    ))
    .bind(encode(ids)?)
    .all(database)
    .await?
    .iter()
    .map(|row| {
        Ok(Candidate {
            id: parsed(row, "id")?,
            owner: column::<Option<String>>(row, "owner")?.map(Owner::stored),
            state: state(row)?,
            problem_sha256: column(row, "problem_sha256")?,
            submission: json(row, "body").ok(),
        })
    })
    .collect()
}

pub(super) async fn changes(database: &Database, id: BatchId) -> Result<Vec<Change>, StoreError> {
    let changed = changed();
    sql(format!(
        "SELECT c.batch AS id, {OLD} AS old, c.verdict AS new, count(*) AS count, sum({changed}) AS changed
         {COMPARED} AND c.state = 'done' AND o.id IS NOT NULL
         GROUP BY c.batch, {OLD}, c.verdict ORDER BY {OLD}, c.verdict"
    ))
    .bind(id)
    .all(database)
    .await?
    .iter()
    .map(|row| {
        Ok(Change {
            old: verdict(row, column(row, "old")?)?,
            new: verdict(row, column(row, "new")?)?,
            count: number(row, "count")?,
            changed: number(row, "changed")?,
        })
    })
    .collect()
}

pub(super) async fn items(
    database: &Database,
    id: BatchId,
    from: u32,
    limit: u32,
) -> Result<Vec<RejudgeItem>, StoreError> {
    let (end, changed) = (u64::from(from) + u64::from(limit), changed());
    let judged = sql(format!(
        "SELECT c.id AS id, c.place AS place, c.copy_of AS submission, c.state AS state,
                {OLD} AS old, {OLD_SCORE} AS old_score, c.verdict AS new, c.score AS new_score,
                CAST({changed} AS BIGINT) AS changed, r.submission AS applied
         {COMPARED} AND c.place >= $2 AND c.place < $3"
    ));
    let refused = sql("SELECT batch AS id, place, error FROM batch_refusals
         WHERE batch = $1 AND place >= $2 AND place < $3");
    let mut items = Vec::new();
    for row in &judged.bind(id).bind(from).bind(end).all(database).await? {
        items.push(RejudgeItem { place: number(row, "place")?, entry: Ok(rejudged(row)?) });
    }
    for row in &refused.bind(id).bind(from).bind(end).all(database).await? {
        items.push(RejudgeItem { place: number(row, "place")?, entry: Err(column(row, "error")?) });
    }
    items.sort_by_key(|item| item.place);
    Ok(items)
}

fn rejudged(row: &Row) -> Result<Rejudged, StoreError> {
    Ok(Rejudged {
        submission: parsed(row, "submission")?,
        copy: parsed(row, "id")?,
        state: state(row)?,
        old: outcome(row, "old", "old_score")?,
        new: outcome(row, "new", "new_score")?,
        changed: number::<u8>(row, "changed")? == 1,
        applied: column::<Option<&str>>(row, "applied")?.is_some(),
    })
}

fn outcome(row: &Row, name: &'static str, score: &'static str) -> Result<Option<Outcome>, StoreError> {
    let Some(word) = column::<Option<&str>>(row, name)? else { return Ok(None) };
    let verdict: Verdict = verdict(row, word)?;
    let points = column::<Option<&str>>(row, score)?.map(serde_json::from_str).transpose();
    Ok(Some(Outcome { verdict, score: points.map_err(|error| damaged(row, score, error))? }))
}

pub(super) async fn apply(
    transaction: &mut Transaction,
    id: BatchId,
    partial: bool,
) -> Result<Application, StoreError> {
    // Two rejudges of the same submissions would wait for each other.
    transaction.lock("apply a rejudge").await?;
    let lock = transaction.dialect().for_update();
    let row = sql(format!(
        "SELECT id, accepted, finished, applied_at, canceled_at FROM batches
         WHERE id = $1 AND rejudge IS NOT NULL AND touched_at IS NULL {lock}"
    ));
    let Some(row) = row.bind(id).optional(&mut *transaction).await? else { return Ok(Application::Unknown) };
    if optional_time(&row, "applied_at")?.is_some() {
        return Ok(Application::Before);
    }
    if optional_time(&row, "canceled_at")?.is_some() {
        return Ok(Application::Canceled);
    }
    let unfinished = number::<u64>(&row, "accepted")? - number::<u64>(&row, "finished")?;
    let without = sql("SELECT count(*) AS count FROM submissions
         WHERE batch = $1 AND (verdict = 'JE' OR state = 'canceled')");
    let without_verdict: u64 = number(&without.bind(id).one(&mut *transaction).await?, "count")?;
    if !partial && unfinished + without_verdict > 0 {
        return Ok(Application::Incomplete { unfinished, without_verdict });
    }
    let replaced = replace(transaction, id).await?;
    Ok(Application::Now(replaced, announce(transaction, id).await?))
}

/// Moves the results there are aside, and puts the copies' in their places.
async fn replace(transaction: &mut Transaction, id: BatchId) -> Result<u64, StoreError> {
    let now = Timestamp::now();
    sql(format!(
        "INSERT INTO replaced_results
             (submission, revision, verdict, score, problem_sha256, result, rejudge, replaced_at)
         SELECT o.id, o.revision, o.verdict, o.score, o.problem_sha256, o.result, c.batch, $2
         FROM submissions c JOIN submissions o ON o.id = c.copy_of
         WHERE c.batch = $1 AND {HAS_VERDICT} AND o.state = 'done'"
    ))
    .bind(id)
    .bind(now)
    .execute(&mut *transaction)
    .await?;
    let replaced = sql(format!(
        "UPDATE submissions AS o SET result = c.result, verdict = c.verdict, score = c.score,
             finished_at = c.finished_at, problem_sha256 = c.problem_sha256, revision = o.revision + 1
         FROM submissions AS c
         WHERE c.copy_of = o.id AND c.batch = $1 AND {HAS_VERDICT} AND o.state = 'done'"
    ))
    .bind(id)
    .execute(&mut *transaction)
    .await?;
    sql("UPDATE batches SET applied_at = $2, applied = $3 WHERE id = $1")
        .bind(id)
        .bind(now)
        .bind(replaced)
        .execute(transaction)
        .await?;
    Ok(replaced)
}

/// Owes calls about what changed, and tells the batches in which something did, also to other processes.
async fn announce(transaction: &mut Transaction, id: BatchId) -> Result<Vec<BatchId>, StoreError> {
    let changed = sql("SELECT o.id AS id, o.owner AS owner, o.callback_url AS callback_url, o.batch AS batch
         FROM replaced_results r JOIN submissions o ON o.id = r.submission
         WHERE r.rejudge = $1 AND (r.verdict <> o.verdict OR r.score IS DISTINCT FROM o.score)");
    let mut batches = Vec::new();
    for row in &changed.bind(id).all(&mut *transaction).await? {
        if let Some(url) = column::<Option<&str>>(row, "callback_url")? {
            let subject = Subject::Submission(parsed(row, "id")?);
            webhooks::owe(transaction, column(row, "owner")?, subject, url).await?;
        }
        batches.extend(optional_parsed::<BatchId>(row, "batch")?);
    }
    batches.sort_unstable();
    batches.dedup();
    let ids_of = transaction.dialect().texts_of_list();
    let whole = sql(format!(
        "SELECT id, owner, callback_url FROM batches
         WHERE finished = accepted AND callback_url IS NOT NULL AND id IN (SELECT value FROM {ids_of})"
    ));
    for row in &whole.bind(encode(&batches)?).all(&mut *transaction).await? {
        let subject = Subject::Batch(parsed(row, "id")?);
        webhooks::owe(transaction, column(row, "owner")?, subject, column(row, "callback_url")?).await?;
    }
    if transaction.dialect() == Dialect::Postgres {
        for batch in &batches {
            // Any submission: whoever hears it reads the batch.
            sql("SELECT pg_notify('gavel_final', $1 || ' ' || $2)")
                .bind(SubmissionId::default())
                .bind(*batch)
                .all(&mut *transaction)
                .await?;
        }
    }
    Ok(batches)
}

pub(super) async fn discard(transaction: &mut Transaction, id: BatchId) -> Result<bool, StoreError> {
    let discarded = sql("UPDATE batches SET canceled_at = coalesce(canceled_at, $2)
         WHERE id = $1 AND rejudge IS NOT NULL AND applied_at IS NULL");
    Ok(discarded.bind(id).bind(Timestamp::now()).execute(transaction).await? == 1)
}

pub(super) async fn history(database: &Database, id: SubmissionId) -> Result<Vec<PastResult>, StoreError> {
    sql("SELECT submission AS id, revision, problem_sha256, result, rejudge, replaced_at
         FROM replaced_results WHERE submission = $1
         UNION ALL
         SELECT id, revision, problem_sha256, result, NULL, NULL
         FROM submissions WHERE id = $1 AND state IN ('done', 'canceled')
         ORDER BY revision")
    .bind(id)
    .all(database)
    .await?
    .iter()
    .map(|row| {
        let rejudge = optional_parsed(row, "rejudge")?;
        Ok(PastResult {
            revision: number(row, "revision")?,
            problem_sha256: column(row, "problem_sha256")?,
            replaced: rejudge.zip(optional_time(row, "replaced_at")?),
            result: json(row, "result")?,
        })
    })
    .collect()
}
