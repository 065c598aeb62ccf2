//! What counts as a floating-point number.

use serde::{Deserialize, Serialize};

use super::number::{Number, Scaled};

/// The longest token, in bytes, that can be a number; a longer one is a string.
///
/// The format allows "reasonable limits on the number of digits" and asks for at least 30 before and after
/// the point. A token that may be a number is held in memory, so this also bounds the checker's memory.
pub const MAX_FLOAT_TOKEN: usize = 4096;

/// Which spellings of a number count as one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FloatGrammar {
    /// `[+-]?([0-9]*\.[0-9]+|[0-9]+\.|[0-9]+)([eE][+-]?[0-9]+)?`: spec `2025-09`, "General requirements".
    #[default]
    Decimal,
    /// What `sscanf("%lf%10s") == 1` accepts in problemtools' `default_validator.cc`: the decimal grammar and
    /// C99 hexadecimal numbers (`0x1.8p3`). It reads `inf` and `nan` too, but then says they are no numbers.
    C,
}

impl FloatGrammar {
    pub(super) const fn is_decimal(&self) -> bool {
        matches!(self, Self::Decimal)
    }

    /// The token's value, if all of it is a finite number in this grammar.
    ///
    /// A number too large for a double (`1e999`) is none: problemtools refuses infinities the same way.
    #[must_use]
    pub fn parse(self, token: &[u8]) -> Option<f64> {
        self.number(token).map(|number| number.value())
    }

    /// The same, but what is too close to zero for a double stays apart from zero.
    pub(super) fn number(self, token: &[u8]) -> Option<Number> {
        if token.len() > MAX_FLOAT_TOKEN {
            return None;
        }
        let number = match self {
            Self::C => parse_hexadecimal(token).or_else(|| parse_decimal(token)),
            Self::Decimal => parse_decimal(token),
        };
        number.filter(|number| number.value().is_finite())
    }
}

fn parse_decimal(token: &[u8]) -> Option<Number> {
    let (negative, unsigned) = strip_sign(token);
    let (whole, mut rest) = unsigned.split_at(count_digits(unsigned));
    let mut fraction: &[u8] = &[];
    if let Some((b'.', after)) = rest.split_first() {
        (fraction, rest) = after.split_at(count_digits(after));
    }
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let mut exponent = 0;
    if let Some((b'e' | b'E', written)) = rest.split_first() {
        let (minus, figures) = strip_sign(written);
        if figures.is_empty() || count_digits(figures) != figures.len() {
            return None;
        }
        exponent = written_exponent(minus, figures);
    } else if !rest.is_empty() {
        return None;
    }
    // The grammar above is a subset of what `f64` reads, which rounds to the nearest double.
    let value = std::str::from_utf8(token).ok()?.parse().ok()?;
    Some(Number::new(value, || Scaled::of_decimal(negative, whole, fraction, exponent)))
}

/// An exponent; beyond nine figures every one overflows or vanishes alike.
fn written_exponent(minus: bool, figures: &[u8]) -> i64 {
    let value = figures.iter().fold(0_i64, |sum, d| (sum * 10 + i64::from(d - b'0')).min(1_000_000_000));
    if minus { -value } else { value }
}

/// C99 hexadecimal: `0x` digits with an optional point, then an optional binary exponent.
fn parse_hexadecimal(token: &[u8]) -> Option<Number> {
    let (negative, unsigned) = strip_sign(token);
    let mut rest = unsigned.strip_prefix(b"0x").or_else(|| unsigned.strip_prefix(b"0X"))?;
    let mut mantissa: u64 = 0;
    let mut exponent: i64 = 0;
    let mut digits = 0_usize;
    let mut after_point = false;
    while let Some((byte, tail)) = rest.split_first() {
        if *byte == b'.' && !after_point {
            after_point = true;
        } else if let Some(digit) = char::from(*byte).to_digit(16) {
            digits += 1;
            if mantissa >> 60 == 0 {
                mantissa = mantissa << 4 | u64::from(digit);
                exponent -= i64::from(after_point) * 4;
            } else {
                // Past 60 bits only "is anything left" matters for rounding.
                mantissa |= u64::from(digit != 0);
                exponent += i64::from(!after_point) * 4;
            }
        } else {
            break;
        }
        rest = tail;
    }
    if digits == 0 {
        return None;
    }
    if let Some((b'p' | b'P', written)) = rest.split_first() {
        let (minus, figures) = strip_sign(written);
        if figures.is_empty() || count_digits(figures) != figures.len() {
            return None;
        }
        exponent += written_exponent(minus, figures);
    } else if !rest.is_empty() {
        return None;
    }
    let magnitude = scale(mantissa as f64, exponent);
    let value = if negative { -magnitude } else { magnitude };
    Some(Number::new(value, || Scaled::of_binary(negative, mantissa, exponent)))
}

/// `value * 2^exponent`, in steps that neither overflow nor vanish early.
fn scale(mut value: f64, mut exponent: i64) -> f64 {
    while exponent > 0 && value.is_finite() && value != 0.0 {
        let step = exponent.min(512);
        value *= 2_f64.powi(i32::try_from(step).unwrap_or(512));
        exponent -= step;
    }
    while exponent < 0 && value != 0.0 {
        let step = (-exponent).min(512);
        value *= 2_f64.powi(-i32::try_from(step).unwrap_or(512));
        exponent += step;
    }
    value
}

fn strip_sign(token: &[u8]) -> (bool, &[u8]) {
    match token.split_first() {
        Some((b'-', rest)) => (true, rest),
        Some((b'+', rest)) => (false, rest),
        _ => (false, token),
    }
}

fn count_digits(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| byte.is_ascii_digit()).count()
}
