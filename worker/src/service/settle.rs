//! What is done with a delivery: one table.

use gavel_broker::{MAX_ATTEMPTS, Settlement};

use crate::fault::Fault;

/// What happened to a delivery last.
#[derive(Debug)]
pub(super) enum Happened<'a> {
    /// It was judged.
    Judged,
    /// Something of ours kept it from being judged.
    Failed(&'a Fault),
    /// It was canceled, before it was begun or while it was judged.
    Canceled,
    /// Its result is with the broker.
    Published,
    /// The broker did not take its result, however often it was offered.
    NotPublished,
}

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// Publish its result.
    Publish,
    /// Publish that it cannot be judged.
    PublishJudgeError,
    /// Tell the broker.
    Settle(Settlement),
}

/// What is done next with the `attempt`-th delivery of a submission.
///
/// A delivery is acknowledged only once a result is with the broker, or nobody wants one. A fault is tried again elsewhere until the last
/// attempt, unless every worker would meet it. Nothing is set aside from here: whatever no worker could answer, the
/// broker makes a dead letter when it comes back for the last time.
pub(super) fn next(happened: &Happened<'_>, attempt: u32) -> Next {
    match happened {
        Happened::Judged => Next::Publish,
        Happened::Failed(fault) if attempt < MAX_ATTEMPTS && !fault.is_permanent() => {
            Next::Settle(Settlement::Again)
        }
        Happened::Failed(_) => Next::PublishJudgeError,
        Happened::Published | Happened::Canceled => Next::Settle(Settlement::Done),
        Happened::NotPublished => Next::Settle(Settlement::Again),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::SandboxError;
    use test_case::test_case;

    fn sandbox() -> Fault {
        Fault::Sandbox(SandboxError::Closed)
    }

    fn toolchain() -> Fault {
        Fault::Toolchain { language: "c".to_owned(), program: "/usr/bin/gcc".to_owned(), why: String::new() }
    }

    fn package() -> Fault {
        Fault::Package("no tests".to_owned())
    }

    const AGAIN: Next = Next::Settle(Settlement::Again);

    #[test_case(&Happened::Judged, 1, Next::Publish; "a verdict is published")]
    #[test_case(&Happened::Judged, MAX_ATTEMPTS, Next::Publish; "on the last attempt too")]
    #[test_case(&Happened::Failed(&sandbox()), 1, AGAIN; "a broken sandbox")]
    #[test_case(&Happened::Failed(&sandbox()), MAX_ATTEMPTS - 1, AGAIN; "and once more")]
    #[test_case(&Happened::Failed(&sandbox()), MAX_ATTEMPTS, Next::PublishJudgeError; "and for the last time")]
    #[test_case(&Happened::Failed(&toolchain()), 1, AGAIN; "a compiler that another worker may have")]
    #[test_case(&Happened::Failed(&toolchain()), MAX_ATTEMPTS, Next::PublishJudgeError; "and nobody has")]
    #[test_case(&Happened::Failed(&package()), 1, Next::PublishJudgeError; "a package that nobody can judge")]
    #[test_case(&Happened::Failed(&sandbox()), MAX_ATTEMPTS + 1, Next::PublishJudgeError; "one attempt too many")]
    #[test_case(&Happened::Published, 1, Next::Settle(Settlement::Done); "only then it is acknowledged")]
    #[test_case(&Happened::Canceled, 1, Next::Settle(Settlement::Done); "nobody wants a result")]
    #[test_case(&Happened::Canceled, MAX_ATTEMPTS, Next::Settle(Settlement::Done); "whatever the attempt")]
    #[test_case(&Happened::NotPublished, 1, AGAIN; "a result that is nowhere")]
    #[test_case(&Happened::NotPublished, MAX_ATTEMPTS, AGAIN; "the broker makes it a dead letter")]
    fn what_is_next(happened: &Happened<'_>, attempt: u32, expected: Next) {
        assert_eq!(next(happened, attempt), expected);
    }
}
