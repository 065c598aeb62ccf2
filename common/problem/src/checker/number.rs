//! Numbers as the checker compares them: doubles, also closer to zero than a double can be.

/// A finite number of an output or an answer.
///
/// A double holds nothing between 0 and about 5e-324, and little of what lies below 2e-308. Output that is not zero
/// must not become zero: with a tolerance of 0, or a relative one, `1e-4000` is wrong where the answer is 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Number {
    /// The nearest double.
    value: f64,
    /// The number itself, where the nearest double is coarse.
    tiny: Option<Scaled>,
}

/// `mantissa * 10^exponent` with a mantissa from 1 up to 10, or its negative.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scaled {
    pub(super) mantissa: f64,
    pub(super) exponent: i64,
}

/// Digits of a mantissa that are read: more than a double holds.
const DIGITS: usize = 20;

impl Number {
    /// A number from its nearest double, which must be finite; `scaled` is asked for what lies near zero.
    pub(super) fn new(value: f64, scaled: impl FnOnce() -> Option<Scaled>) -> Self {
        let tiny = if value.abs() < f64::MIN_POSITIVE { scaled() } else { None };
        Self { value, tiny }
    }

    pub(super) const fn value(&self) -> f64 {
        self.value
    }

    /// `output - self`; not 0 if they differ.
    pub(super) fn difference(&self, output: &Self) -> f64 {
        let difference = output.value - self.value;
        if difference != 0.0 || self == output {
            return difference;
        }
        // The smallest double stands for what is smaller.
        let (answer, output, _) = self.at_one_scale(output);
        f64::from_bits(1).copysign(output - answer)
    }

    /// Whether `output` is within either tolerance of this answer.
    pub(super) fn is_near(&self, output: &Self, absolute: Option<f64>, relative: Option<f64>) -> bool {
        if self.tiny.is_none() && output.tiny.is_none() {
            let difference = (output.value - self.value).abs();
            return absolute.is_some_and(|tolerance| difference <= tolerance)
                || relative.is_some_and(|tolerance| difference <= tolerance * self.value.abs());
        }
        let (answer, output, scale) = self.at_one_scale(output);
        let difference = (output - answer).abs();
        absolute.is_some_and(|tolerance| difference <= times_power(tolerance, -scale))
            || relative.is_some_and(|tolerance| difference <= tolerance * answer.abs())
    }

    /// Both divided by one power of ten, so that the larger is from 1 up to 10; and its exponent.
    fn at_one_scale(&self, other: &Self) -> (f64, f64, i64) {
        let (a, b) = (self.scaled(), other.scaled());
        let scale = match (a, b) {
            (Some(a), Some(b)) => a.exponent.max(b.exponent),
            (Some(one), None) | (None, Some(one)) => one.exponent,
            (None, None) => 0,
        };
        let at = |number: Option<Scaled>| {
            number.map_or(0.0, |one| times_power(one.mantissa, one.exponent.saturating_sub(scale)))
        };
        (at(a), at(b), scale)
    }

    /// `None` is zero.
    fn scaled(&self) -> Option<Scaled> {
        if self.tiny.is_some() || self.value == 0.0 {
            return self.tiny;
        }
        // Only the scale matters here: `10^308` is still a double, and so is the quotient.
        let exponent = self.value.abs().log10().floor() as i64;
        Some(Scaled { mantissa: times_power(self.value, -exponent), exponent })
    }
}

impl Scaled {
    /// The scale of a number in decimal, of which `whole` and `fraction` are the digits around the point and `exponent`
    /// is what is written after `e`; `None` for zero.
    pub(super) fn of_decimal(negative: bool, whole: &[u8], fraction: &[u8], exponent: i64) -> Option<Self> {
        let digits = || whole.iter().chain(fraction).copied();
        let leading = digits().position(|digit| digit != b'0')?;
        let significant: Vec<u8> = digits().skip(leading).take(DIGITS).collect();
        let text = std::str::from_utf8(&significant).ok()?;
        let (first, rest) = text.split_at(1);
        let mantissa: f64 = format!("{first}.{rest}").parse().ok()?;
        let place = i64::try_from(whole.len()).ok()? - i64::try_from(leading).ok()? - 1;
        let mantissa = if negative { -mantissa } else { mantissa };
        Some(Self { mantissa, exponent: exponent.saturating_add(place) })
    }

    /// The scale of `mantissa * 2^exponent`, to about ten digits; `None` for zero.
    pub(super) fn of_binary(negative: bool, mantissa: u64, exponent: i64) -> Option<Self> {
        if mantissa == 0 {
            return None;
        }
        let power = (mantissa as f64).log10() + exponent as f64 * std::f64::consts::LOG10_2;
        let mantissa = 10_f64.powf(power - power.floor());
        Some(Self { mantissa: if negative { -mantissa } else { mantissa }, exponent: power.floor() as i64 })
    }
}

/// `number * 10^power` in steps that neither overflow nor vanish early.
fn times_power(mut number: f64, mut power: i64) -> f64 {
    while power != 0 && number != 0.0 && number.is_finite() {
        let step = power.clamp(-300, 300);
        number *= 10_f64.powi(i32::try_from(step).unwrap_or_default());
        power -= step;
    }
    number
}
