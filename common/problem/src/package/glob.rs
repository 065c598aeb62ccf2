//! Glob patterns of `submissions.yaml`: `*` within a name, `{a,b}` anywhere, nothing else.

/// More alternatives than this in one pattern are refused.
const MAX_ALTERNATIVES: usize = 256;

/// A pattern that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GlobError {
    /// `{` without `}` or the reverse.
    #[error("pattern {0:?} has a brace without its partner")]
    Brace(String),
    /// Too many alternatives.
    #[error("pattern {0:?} stands for too many patterns")]
    TooMany(String),
}

/// Whether `pattern` matches `path` or one of the folders it lies in.
///
/// # Errors
///
/// [`GlobError`] if the pattern cannot be read.
pub fn glob_matches(pattern: &str, path: &str) -> Result<bool, GlobError> {
    Ok(expand_braces(pattern)?.iter().any(|pattern| matches_prefix(pattern, path)))
}

/// The patterns without braces that a pattern stands for.
fn expand_braces(pattern: &str) -> Result<Vec<String>, GlobError> {
    let mut open = vec![pattern.to_owned()];
    let mut done = Vec::new();
    while let Some(next) = open.pop() {
        if open.len() + done.len() >= MAX_ALTERNATIVES {
            return Err(GlobError::TooMany(pattern.to_owned()));
        }
        // The innermost pair first: what is inside it holds no brace.
        let Some(end) = next.find('}') else {
            if next.contains('{') {
                return Err(GlobError::Brace(pattern.to_owned()));
            }
            done.push(next);
            continue;
        };
        let Some(begin) = next[..end].rfind('{') else { return Err(GlobError::Brace(pattern.to_owned())) };
        for alternative in next[begin + 1..end].split(',') {
            open.push(format!("{}{alternative}{}", &next[..begin], &next[end + 1..]));
            if open.len() + done.len() > MAX_ALTERNATIVES {
                return Err(GlobError::TooMany(pattern.to_owned()));
            }
        }
    }
    Ok(done)
}

fn matches_prefix(pattern: &str, path: &str) -> bool {
    let mut names = path.split('/');
    pattern
        .trim_end_matches('/')
        .split('/')
        .all(|part| names.next().is_some_and(|name| matches_name(part, name)))
}

/// One name against one part, `*` standing for any bytes; linear in both by going back to the last star only.
fn matches_name(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.as_bytes(), name.as_bytes());
    let (mut p, mut n) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        if pattern.get(p) == Some(&b'*') {
            star = Some((p, n));
            p += 1;
        } else if pattern.get(p) == Some(&name[n]) {
            p += 1;
            n += 1;
        } else if let Some((at, from)) = star {
            star = Some((at, from + 1));
            p = at + 1;
            n = from + 1;
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|byte| *byte == b'*')
}
