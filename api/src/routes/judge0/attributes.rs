//! The attributes of a submission as they came, read as Rails reads them.

use axum::http::StatusCode;
use serde_json::{Map, Value};

use super::error::Judge0Error;

/// The attributes of one submission; what nobody asks for is ignored.
#[derive(Clone, Debug, Default)]
pub struct Given(Map<String, Value>);

impl Given {
    /// Of a body in JSON, or as a form.
    ///
    /// # Errors
    /// 400 when it is neither.
    pub fn read(bytes: &[u8], form: bool) -> Result<Self, Judge0Error> {
        if form {
            let pairs: Vec<(String, String)> =
                serde_urlencoded::from_bytes(bytes).map_err(|_| malformed())?;
            return Ok(Self(pairs.into_iter().map(|(name, value)| (name, Value::String(value))).collect()));
        }
        if bytes.is_empty() {
            return Ok(Self::default());
        }
        serde_json::from_slice(bytes).map(Self::of).map_err(|_| malformed())
    }

    /// Of a value; anything but an object has no attributes.
    #[must_use]
    pub fn of(value: Value) -> Self {
        match value {
            Value::Object(map) => Self(map),
            _ => Self::default(),
        }
    }

    /// An attribute as it came; null is none.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// A text. Numbers and booleans are written out; lists and objects are no texts and dropped.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        match self.get(name)? {
            Value::String(text) => Some(text.clone()),
            Value::Array(_) | Value::Object(_) => None,
            other => Some(other.to_string()),
        }
    }

    /// A number, which may be a text; an empty one is none.
    ///
    /// # Errors
    /// `is not a number`.
    pub fn number(&self, name: &str) -> Result<Option<f64>, &'static str> {
        let number = match self.get(name) {
            None => return Ok(None),
            Some(Value::Number(number)) => number.as_f64(),
            Some(Value::String(text)) if text.trim().is_empty() => return Ok(None),
            Some(Value::String(text)) => text.trim().parse().ok(),
            Some(_) => None,
        };
        number.filter(|number| number.is_finite()).map(Some).ok_or("is not a number")
    }

    /// A yes or no: only the words for no, and nothing, are no.
    #[must_use]
    pub fn flag(&self, name: &str) -> bool {
        match self.get(name) {
            None => false,
            Some(Value::Bool(flag)) => *flag,
            Some(Value::Number(number)) => number.as_f64() != Some(0.0),
            Some(Value::String(text)) => {
                !["", "0", "f", "F", "false", "FALSE", "off", "OFF"].contains(&text.as_str())
            }
            Some(_) => true,
        }
    }
}

fn malformed() -> Judge0Error {
    Judge0Error::Status(StatusCode::BAD_REQUEST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use test_case::test_case;

    #[test_case(&json!("71") => Ok(Some(71.0)); "a text")]
    #[test_case(&json!(71) => Ok(Some(71.0)); "a number")]
    #[test_case(&json!("") => Ok(None); "an empty text")]
    #[test_case(&json!(null) => Ok(None); "null")]
    #[test_case(&json!("x") => Err("is not a number"); "no number")]
    #[test_case(&json!([1]) => Err("is not a number"); "a list")]
    fn numbers_may_be_texts(value: &Value) -> Result<Option<f64>, &'static str> {
        Given::of(json!({ "a": value })).number("a")
    }

    #[test_case(&json!(true) => true)]
    #[test_case(&json!("true") => true)]
    #[test_case(&json!(1) => true)]
    #[test_case(&json!("false") => false)]
    #[test_case(&json!(0) => false)]
    #[test_case(&json!(null) => false)]
    fn flags_are_read_as_rails_does(value: &Value) -> bool {
        Given::of(json!({ "a": value })).flag("a")
    }

    #[test]
    fn a_form_is_read_like_json() {
        let form = Given::read(b"source_code=print(1%2B1)%0A&language_id=71", true).unwrap();
        assert_eq!(form.text("source_code").unwrap(), "print(1+1)\n");
        assert_eq!(form.number("language_id"), Ok(Some(71.0)));
        assert!(Given::read(b"{", false).is_err());
        assert!(Given::read(b"[]", false).unwrap().get("x").is_none());
    }
}
