//! The format's rules once more, slowly and without any of the checker's code: whole files in memory, split
//! into tokens and runs of white space, numbers recognised by walking a hand-made automaton.

/// As the specification words it.
pub struct Rules {
    pub case_sensitive: bool,
    pub space_change_sensitive: bool,
    pub absolute: Option<f64>,
    pub relative: Option<f64>,
    pub hexadecimal: bool,
}

const BLANKS: [u8; 6] = [0x20, 0x0c, 0x0a, 0x0d, 0x09, 0x0b];

pub fn accepts(answer: &[u8], output: &[u8], rules: &Rules) -> bool {
    let (answer_tokens, answer_blanks) = split(answer);
    let (output_tokens, output_blanks) = split(output);
    if answer_tokens.len() != output_tokens.len() {
        return false;
    }
    if rules.space_change_sensitive && answer_blanks != output_blanks {
        return false;
    }
    (0..answer_tokens.len()).all(|i| token_accepted(&answer_tokens[i], &output_tokens[i], rules))
}

/// The tokens, and the runs of white space before, between and after them (so one more).
fn split(file: &[u8]) -> (Vec<Vec<u8>>, Vec<Vec<u8>>) {
    let mut tokens = Vec::new();
    let mut blanks = vec![Vec::new()];
    let mut inside = false;
    for byte in file {
        if BLANKS.contains(byte) {
            if inside {
                blanks.push(Vec::new());
            }
            inside = false;
            blanks.last_mut().unwrap().push(*byte);
        } else {
            if !inside {
                tokens.push(Vec::new());
            }
            inside = true;
            tokens.last_mut().unwrap().push(*byte);
        }
    }
    if inside {
        blanks.push(Vec::new());
    }
    (tokens, blanks)
}

fn token_accepted(answer: &[u8], output: &[u8], rules: &Rules) -> bool {
    if (rules.absolute.is_some() || rules.relative.is_some())
        && let Some(a) = number(answer, rules.hexadecimal)
    {
        let Some(s) = number(output, rules.hexadecimal) else { return false };
        let d = if s > a { s - a } else { a - s };
        let size = if a < 0.0 { -a } else { a };
        let near_absolute = match rules.absolute {
            Some(e) => d <= e,
            None => false,
        };
        let near_relative = match rules.relative {
            Some(e) => d <= e * size,
            None => false,
        };
        return near_absolute || near_relative;
    }
    if rules.case_sensitive { answer == output } else { lower(answer) == lower(output) }
}

fn lower(token: &[u8]) -> Vec<u8> {
    token.iter().map(|b| if (65..=90).contains(b) { b + 32 } else { *b }).collect()
}

fn number(token: &[u8], hexadecimal: bool) -> Option<f64> {
    if token.len() > 4096 {
        return None;
    }
    let text: String = token.iter().map(|b| if b.is_ascii() { *b as char } else { '?' }).collect();
    let value = if decimal(&text) {
        text.parse::<f64>().unwrap()
    } else if hexadecimal {
        hex(&text)?
    } else {
        return None;
    };
    if value.is_infinite() { None } else { Some(value) }
}

/// The grammar as an automaton: 0 start, 1 after sign, 2 whole digits, 3 point without digits before it,
/// 4 point after digits, 5 fraction digits, 6 after e, 7 after the sign of the exponent, 8 exponent digits.
fn decimal(text: &str) -> bool {
    let mut state = 0;
    for c in text.chars() {
        let class = match c {
            '+' | '-' => 's',
            '0'..='9' => 'd',
            '.' => '.',
            'e' | 'E' => 'e',
            _ => return false,
        };
        state = match (state, class) {
            (0, 's') => 1,
            (0..=2, 'd') => 2,
            (0 | 1, '.') => 3,
            (2, '.') => 4,
            (3..=5, 'd') => 5,
            (2 | 4 | 5, 'e') => 6,
            (6, 's') => 7,
            (6..=8, 'd') => 8,
            _ => return false,
        };
    }
    matches!(state, 2 | 4 | 5 | 8)
}

/// Hexadecimal numbers of up to twelve digits: exact in a double, so plain arithmetic does.
fn hex(text: &str) -> Option<f64> {
    let lowered = text.to_lowercase();
    let (sign, unsigned) = match lowered.chars().next()? {
        '-' => (-1.0, &lowered[1..]),
        '+' => (1.0, &lowered[1..]),
        _ => (1.0, &lowered[..]),
    };
    let body = unsigned.strip_prefix("0x")?;
    let (mantissa, exponent) = match body.split_once('p') {
        Some((m, e)) => {
            let figures = e.strip_prefix(['+', '-']).unwrap_or(e);
            if figures.is_empty() || !figures.chars().all(|c| c.is_ascii_digit()) {
                return None;
            }
            (m, e.strip_prefix('+').unwrap_or(e).parse::<f64>().unwrap())
        }
        None => (body, 0.0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    if digits.is_empty() || digits.len() > 12 || !digits.chars().all(|c| c.is_ascii_hexdigit()) {
        return None;
    }
    let integer = u64::from_str_radix(&digits, 16).unwrap() as f64;
    Some(sign * integer * 2_f64.powf(exponent - 4.0 * fraction.len() as f64))
}
