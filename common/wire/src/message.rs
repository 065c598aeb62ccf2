//! How submissions and results are written down in queues (docs/MESSAGES.md).
//!
//! JSON with `"v": 1`. Fields that are not known are ignored, so that a fleet can be upgraded part by part.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// The version of the messages.
pub const VERSION: u32 = 1;

/// A message that could not be read.
#[derive(Debug, thiserror::Error)]
pub enum MessageError {
    /// Not JSON, or not of the right shape.
    #[error("unreadable message")]
    Json(#[from] serde_json::Error),
    /// A version this build does not know.
    #[error("message version {0}, this build knows {VERSION}")]
    Version(u32),
}

#[derive(Serialize)]
struct Outgoing<'a, T> {
    v: u32,
    #[serde(flatten)]
    body: &'a T,
}

#[derive(Deserialize)]
struct Version {
    v: u32,
}

/// Writes a message down.
///
/// # Errors
/// When the body cannot be expressed in JSON.
pub fn encode<T: Serialize>(body: &T) -> Result<Vec<u8>, serde_json::Error> {
    serde_json::to_vec(&Outgoing { v: VERSION, body })
}

/// Reads a message.
///
/// # Errors
/// [`MessageError`]; such a message can only be set aside.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, MessageError> {
    let Version { v } = serde_json::from_slice(bytes)?;
    if v != VERSION {
        return Err(MessageError::Version(v));
    }
    Ok(serde_json::from_slice(bytes)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use gavel_model::{
        Checker, CheckerOptions, FileIo, FileName, IoFile, Lane, Limits, Payload, SourceFile, Submission,
        SubmissionId, TestCase, Work,
    };
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::Index;
    use serde_json::Value;

    fn payload() -> impl Strategy<Value = Payload> {
        vec(any::<u8>(), 0..64).prop_map(|bytes| Payload::inline(&bytes))
    }

    fn checker() -> impl Strategy<Value = Checker> {
        prop_oneof![
            Just(Checker::Exact),
            any::<bool>().prop_map(|case_sensitive| {
                Checker::Tokens(CheckerOptions { case_sensitive, ..CheckerOptions::default() })
            }),
        ]
    }

    fn file_io() -> impl Strategy<Value = FileIo> {
        let file =
            || proptest::option::of("[a-z]{1,8}[.]txt".prop_map(|name| IoFile::try_from(name).unwrap()));
        (file(), file(), any::<bool>()).prop_map(|(input_file, output_file, stderr_to_stdout)| FileIo {
            input_file,
            output_file,
            stderr_to_stdout,
        })
    }

    fn work() -> impl Strategy<Value = Work> {
        prop_oneof![
            (payload(), proptest::option::of(payload()), checker(), file_io()).prop_map(
                |(stdin, expected_output, checker, file_io)| Work::Run {
                    stdin,
                    expected_output,
                    checker,
                    file_io,
                }
            ),
            (vec((payload(), payload()), 0..4), checker(), any::<bool>(), file_io()).prop_map(
                |(cases, checker, all_tests, file_io)| Work::Tests {
                    tests: cases
                        .into_iter()
                        .enumerate()
                        .map(|(k, (input, answer))| TestCase { name: k.to_string(), input, answer })
                        .collect(),
                    checker,
                    all_tests,
                    file_io,
                }
            ),
        ]
    }

    fn submission() -> impl Strategy<Value = Submission> {
        (
            "[a-z][a-z0-9_.]{0,20}",
            payload(),
            vec(any::<String>(), 0..3),
            work(),
            any::<bool>(),
            proptest::option::of(any::<u64>()),
        )
            .prop_map(|(name, content, args, work, stdout, address_space_mb)| Submission {
                id: SubmissionId::new(),
                lane: Lane::Contest,
                language: "cpp".to_owned(),
                files: vec![SourceFile { name: FileName::try_from(name).unwrap(), content }],
                compiler_options: args.clone(),
                args,
                limits: Limits::DEFAULT,
                address_space_mb,
                work,
                stdout,
                note: None,
                traceparent: None,
                created_at: jiff::Timestamp::UNIX_EPOCH,
            })
    }

    /// Values that a field may not expect: wrong kinds, extremes, names that look like paths.
    fn strange() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            prop_oneof![any::<i64>(), Just(-1), Just(i64::MAX)].prop_map(Value::from),
            Just(Value::from(u64::MAX)),
            any::<f64>().prop_map(Value::from),
            prop_oneof![any::<String>(), "(/|[.]{2}|[a-z0-9+=]){0,40}"].prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 16, 4, |inner| {
            prop_oneof![
                vec(inner.clone(), 0..4).prop_map(Value::from),
                vec(("(kind|text|base64|blob|sha256|bytes|tests|[a-z]{1,8})", inner), 0..4)
                    .prop_map(|fields| fields.into_iter().collect::<serde_json::Map<_, _>>().into()),
            ]
        })
    }

    /// Every place in a value, as a JSON pointer (RFC 6901).
    fn pointers(value: &Value, here: &str, found: &mut Vec<String>) {
        found.push(here.to_owned());
        match value {
            Value::Object(fields) => {
                for (name, field) in fields {
                    pointers(field, &format!("{here}/{name}"), found);
                }
            }
            Value::Array(items) => {
                for (number, item) in items.iter().enumerate() {
                    pointers(item, &format!("{here}/{number}"), found);
                }
            }
            _ => {}
        }
    }

    proptest! {
        #[test]
        fn every_submission_survives_the_road(submission in submission()) {
            let decoded: Submission = decode(&encode(&submission).unwrap()).unwrap();
            prop_assert_eq!(decoded, submission);
        }

        #[test]
        fn no_bytes_make_the_decoder_panic(bytes in vec(any::<u8>(), 0..512)) {
            prop_assert!(decode::<Submission>(&bytes).is_err());
        }

        /// Right JSON of the right version in which one value is another: what the types make of it, not the JSON
        /// reader. What is taken must be what would be sent.
        #[test]
        fn no_value_in_a_message_makes_the_decoder_panic(
            submission in submission(),
            place in any::<Index>(),
            value in strange(),
        ) {
            let mut message: Value = serde_json::from_slice(&encode(&submission).unwrap()).unwrap();
            let mut places = Vec::new();
            pointers(&message, "", &mut places);
            places.retain(|place| !place.is_empty() && place != "/v");
            *message.pointer_mut(&places[place.index(places.len())]).unwrap() = value;
            match decode::<Submission>(&serde_json::to_vec(&message).unwrap()) {
                Ok(taken) => prop_assert_eq!(decode::<Submission>(&encode(&taken).unwrap()).unwrap(), taken),
                Err(error) => prop_assert!(matches!(error, MessageError::Json(_)), "{error:?}"),
            }
        }

        /// A message that was cut or damaged on its way.
        #[test]
        fn no_damage_makes_the_decoder_panic(
            submission in submission(),
            place in any::<Index>(),
            byte in any::<u8>(),
            cut in any::<bool>(),
        ) {
            let mut bytes = encode(&submission).unwrap();
            let place = place.index(bytes.len());
            if cut {
                bytes.truncate(place);
                prop_assert!(decode::<Submission>(&bytes).is_err());
            } else {
                bytes[place] = byte;
                if let Ok(taken) = decode::<Submission>(&bytes) {
                    prop_assert_eq!(decode::<Submission>(&encode(&taken).unwrap()).unwrap(), taken);
                }
            }
        }
    }

    #[test]
    fn another_version_is_refused_and_unknown_fields_are_not() {
        #[derive(Debug, PartialEq, Deserialize)]
        struct Body {
            a: u32,
        }
        assert_eq!(decode::<Body>(br#"{"v":1,"a":2,"new":3}"#).unwrap(), Body { a: 2 });
        assert!(matches!(decode::<Body>(br#"{"v":2,"a":2}"#), Err(MessageError::Version(2))));
        assert!(matches!(decode::<Body>(br#"{"a":2}"#), Err(MessageError::Json(_))));
    }
}
