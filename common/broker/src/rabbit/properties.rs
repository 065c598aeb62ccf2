//! What stands beside a message's body.

use jiff::Timestamp;
use lapin::BasicProperties;
use lapin::types::{AMQPValue, FieldTable, ShortString};

use crate::{DeadLetter, Headers, MAX_ATTEMPTS};
use gavel_model::SubmissionId;

/// AMQP's word for a message that is kept in memory only.
const TRANSIENT: u8 = 1;
/// AMQP's word for a message that is written to disk.
const PERSISTENT: u8 = 2;

/// The properties of a message that must not be lost.
pub(super) fn persistent(message_id: String, headers: &Headers) -> BasicProperties {
    let properties = common(PERSISTENT).with_message_id(message_id.into());
    if headers.is_empty() {
        return properties;
    }
    let mut table = FieldTable::default();
    for (name, value) in headers.iter() {
        table.insert(name.into(), AMQPValue::LongString(value.into()));
    }
    properties.with_headers(table)
}

/// Counts the attempts at a submission that were begun before this copy of its message was published.
const ATTEMPTS: &str = "x-gavel-attempts";

/// Above what a message has that says nothing, which is 4: quorum queues have two levels up to `RabbitMQ` 4.2 and 32 since.
/// 3.13 has none in them, and puts the message behind the others.
const PRIORITY: u8 = 5;

/// The properties of the copy of a message that comes back unbegun, after so many attempts. Of its sender's there is what Gavel
/// reads: a user's name or `CC` would make of the copy what it was not.
pub(super) fn unbegun(properties: &BasicProperties, attempts: u32) -> BasicProperties {
    let fresh = persistent(message_id(properties).to_owned(), &headers(properties));
    let mut table = fresh.headers().clone().unwrap_or_default();
    table.insert(ATTEMPTS.into(), AMQPValue::LongLongInt(attempts.into()));
    let priority = properties.priority().unwrap_or_default().max(PRIORITY);
    fresh.with_headers(table).with_priority(priority)
}

/// Whether this is such a copy, and no attempt is left to begin. The broker counts for each copy anew, so it does not know.
pub(super) fn is_spent(properties: &BasicProperties) -> bool {
    let copied = properties.headers().as_ref().is_some_and(|headers| headers.contains_key(ATTEMPTS));
    copied && attempt(properties) > MAX_ATTEMPTS
}

/// The message's id, empty where it has none.
pub(super) fn message_id(properties: &BasicProperties) -> &str {
    properties.message_id().as_ref().map_or("", ShortString::as_str)
}

/// The properties of a message that may be lost.
pub(super) fn transient() -> BasicProperties {
    common(TRANSIENT)
}

fn common(delivery_mode: u8) -> BasicProperties {
    let now = u64::try_from(Timestamp::now().as_second()).unwrap_or_default();
    BasicProperties::default()
        .with_delivery_mode(delivery_mode)
        .with_content_type("application/json".into())
        .with_timestamp(now)
}

/// The headers that a message's sender gave it; the broker's own, and values that are no text, are left out.
pub(super) fn headers(properties: &BasicProperties) -> Headers {
    let mut headers = Headers::default();
    for (name, value) in properties.headers().iter().flat_map(FieldTable::inner) {
        let value = match value {
            AMQPValue::LongString(value) => std::str::from_utf8(value.as_bytes()).ok(),
            AMQPValue::ShortString(value) => Some(value.as_str()),
            _ => None,
        };
        if let Some(value) = value {
            headers.insert(name.as_str(), value);
        }
    }
    headers
}

/// Which attempt at a message this delivery is, from 1.
///
/// Quorum queues count in headers, absent on the first delivery. `x-acquired-count` (4.3) counts every assignment
/// to a consumer. `x-delivery-count` counts the same before 4.3; since 4.3 it leaves out what was given back
/// without failing (`basic.nack`), so that two deliveries could have the same number. A copy of what came back unbegun
/// adds what was begun before it.
pub(super) fn attempt(properties: &BasicProperties) -> u32 {
    let count = |names: &[&str]| {
        let counted = names.iter().find_map(|name| integer(properties.headers().as_ref()?, name));
        u32::try_from(counted.unwrap_or(0)).unwrap_or(0)
    };
    let delivered = count(&["x-acquired-count", "x-delivery-count"]);
    delivered.saturating_add(count(&[ATTEMPTS])).saturating_add(1)
}

/// What a dead letter tells: whose it is, and the broker's word for why (`delivery_limit`, `rejected`).
pub(super) fn dead_letter(properties: &BasicProperties, body: &[u8]) -> DeadLetter {
    #[derive(serde::Deserialize)]
    struct Identified {
        id: SubmissionId,
    }
    // A result's message id is "<submission>/<attempt>".
    let from_properties =
        properties.message_id().as_ref().and_then(|id| id.as_str().split('/').next()?.parse().ok());
    let id =
        from_properties.or_else(|| serde_json::from_slice::<Identified>(body).ok().map(|found| found.id));
    // A message that was replayed has died before; the last death is the one that is told.
    let reason = ["x-last-death-reason", "x-first-death-reason"]
        .into_iter()
        .find_map(|name| text(properties.headers().as_ref()?, name))
        .unwrap_or_else(|| "unknown".to_owned());
    DeadLetter { id, reason }
}

/// The queue that it first died in.
pub(super) fn died_in(properties: &BasicProperties) -> Option<String> {
    text(properties.headers().as_ref()?, "x-first-death-queue")
}

/// When it last died, to a second: `x-death` begins with the last queue.
pub(super) fn died_at(properties: &BasicProperties) -> Option<Timestamp> {
    let AMQPValue::FieldArray(deaths) = properties.headers().as_ref()?.inner().get("x-death")? else {
        return None;
    };
    let AMQPValue::FieldTable(last) = deaths.as_slice().first()? else { return None };
    let AMQPValue::Timestamp(seconds) = last.inner().get("time")? else { return None };
    Timestamp::from_second(i64::try_from(*seconds).ok()?).ok()
}

fn integer(headers: &FieldTable, name: &str) -> Option<i64> {
    match *headers.inner().get(name)? {
        AMQPValue::LongLongInt(value) => Some(value),
        AMQPValue::LongInt(value) => Some(value.into()),
        AMQPValue::LongUInt(value) => Some(value.into()),
        AMQPValue::ShortInt(value) => Some(value.into()),
        AMQPValue::ShortUInt(value) => Some(value.into()),
        AMQPValue::ShortShortInt(value) => Some(value.into()),
        AMQPValue::ShortShortUInt(value) => Some(value.into()),
        _ => None,
    }
}

fn text(headers: &FieldTable, name: &str) -> Option<String> {
    match headers.inner().get(name)? {
        AMQPValue::LongString(value) => Some(String::from_utf8_lossy(value.as_bytes()).into_owned()),
        AMQPValue::ShortString(value) => Some(value.as_str().to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(headers: &[(&str, AMQPValue)]) -> BasicProperties {
        let mut table = FieldTable::default();
        for (name, value) in headers {
            table.insert((*name).into(), value.clone());
        }
        BasicProperties::default().with_headers(table)
    }

    #[test]
    fn the_first_delivery_is_attempt_1_and_every_assignment_counts() {
        let count = |name, value| (name, AMQPValue::LongLongInt(value));
        assert_eq!(attempt(&BasicProperties::default()), 1);
        assert_eq!(attempt(&with(&[])), 1);
        assert_eq!(attempt(&with(&[count("x-delivery-count", 2)])), 3, "before 4.3");
        let since_4_3 = [count("x-delivery-count", 1), count("x-acquired-count", 4)];
        assert_eq!(attempt(&with(&since_4_3)), 5);
        assert_eq!(attempt(&with(&[count("x-delivery-count", -7)])), 1, "nonsense");
        let copy = [count(ATTEMPTS, 1), count("x-delivery-count", 1)];
        assert_eq!(attempt(&with(&copy)), 3, "an attempt, an unbegun one, and one since");
        assert!(!is_spent(&with(&copy)));
        assert!(is_spent(&with(&[count(ATTEMPTS, 1), count("x-delivery-count", 2)])));
        assert!(is_spent(&with(&[count(ATTEMPTS, i64::from(u32::MAX))])), "whoever says so");
        assert!(!is_spent(&with(&[count(ATTEMPTS, -1)])));
        assert!(!is_spent(&with(&[count("x-delivery-count", 9)])), "that is the broker's to decide");
    }

    #[test]
    fn what_comes_back_unbegun_is_the_senders_message_with_its_attempts() {
        let trace = ("traceparent", AMQPValue::LongString("00-01".into()));
        let number = AMQPValue::LongLongInt(7);
        let headers = [
            trace.clone(),
            ("CC", AMQPValue::FieldArray(vec![AMQPValue::LongString("rejudge".into())].into())),
            ("x-delivery-count", number.clone()),
            ("x-last-death-reason", number),
        ];
        let sent = with(&headers).with_message_id("id".into()).with_user_id("somebody".into());
        let copy = unbegun(&unbegun(&sent, 1), 2);
        assert_eq!(copy.headers(), with(&[trace, (ATTEMPTS, AMQPValue::LongLongInt(2))]).headers());
        assert_eq!((copy.message_id(), copy.user_id()), (sent.message_id(), &None));
        assert_eq!((attempt(&copy), *copy.priority()), (3, Some(PRIORITY)));
        assert_eq!(*unbegun(&sent.with_priority(9), 1).priority(), Some(9));
    }

    #[test]
    fn the_senders_headers_come_back_and_the_brokers_do_not() {
        let mut sent = Headers::default();
        assert!(sent.insert("traceparent", "00-01-02-03") && sent.insert("tracestate", "a=b"));
        let mut table = persistent("id".to_owned(), &sent).headers().clone().unwrap();
        table.insert("x-delivery-count".into(), AMQPValue::LongLongInt(2));
        table.insert("x-first-death-reason".into(), AMQPValue::LongString("rejected".into()));
        table.insert("number".into(), AMQPValue::LongLongInt(7));
        assert_eq!(headers(&BasicProperties::default().with_headers(table)), sent);
        assert_eq!(headers(&persistent("id".to_owned(), &Headers::default())), Headers::default());
    }

    #[test]
    fn a_dead_letter_is_told_by_its_properties_or_else_its_body() {
        let id = SubmissionId::new();
        let reason = ("x-first-death-reason", AMQPValue::LongString("rejected".into()));
        let letter = DeadLetter { id: Some(id), reason: "rejected".to_owned() };
        let named = with(std::slice::from_ref(&reason)).with_message_id(format!("{id}/2").into());
        assert_eq!(dead_letter(&named, b"not json"), letter);
        let body = format!(r#"{{"v":9,"id":"{id}"}}"#);
        assert_eq!(dead_letter(&with(&[reason]), body.as_bytes()), letter);
        let nothing = DeadLetter { id: None, reason: "unknown".to_owned() };
        assert_eq!(dead_letter(&BasicProperties::default(), b"\xff"), nothing);
    }
}
