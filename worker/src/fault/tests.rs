//! Every fault there is, and whom it is told to. None is a submission's: the right column says what becomes of what a
//! program can do that looks like it, and where that is tested.

use std::io;
use std::time::Duration;

use gavel_blobs::{BlobError, BlobStore, PayloadError};
use gavel_model::{Digest, OutOfBounds, Payload};
use gavel_problem::archive::ArchiveError;
use gavel_problem::checker::CheckError;

use super::Owner::{Operator, Package, Publisher};
use super::*;

fn io() -> io::Error {
    io::Error::other("for a test")
}

fn sandbox(error: SandboxError) -> Fault {
    Fault::Sandbox(error)
}

fn text() -> String {
    "for a test".to_owned()
}

async fn no_base64() -> PayloadError {
    let folder = tempfile::tempdir().unwrap();
    let blobs = BlobStore::folder(folder.path()).unwrap();
    blobs.unpack(&Payload::Base64("?".to_owned())).await.unwrap_err()
}

/// Fails to compile when a variant is added that has no row.
const fn row_of(fault: &Fault) -> &'static str {
    match fault {
        Fault::Container(_) => "container",
        Fault::Sandbox(error) => match error {
            SandboxError::Deadline { .. } => "deadline",
            SandboxError::Protocol(_) => "protocol",
            SandboxError::Unexpected { .. } => "unexpected",
            SandboxError::ForeignStream => "foreign stream",
            SandboxError::Version { .. } => "version",
            SandboxError::FileRefused { .. } => "file refused",
            SandboxError::FetchRefused { .. } => "fetch refused",
            SandboxError::NotReset { .. } => "not reset",
            SandboxError::NotJoined { .. } => "not joined",
            SandboxError::OutOfOrder { .. } => "out of order",
            SandboxError::Closed => "closed",
            SandboxError::OutOfMemory => "out of memory",
            SandboxError::Encode(_) => "encode",
            SandboxError::Input(_) => "input",
        },
        Fault::Payload(PayloadError::Base64(_)) => "base64",
        Fault::Payload(PayloadError::Blob { .. }) => "blob",
        Fault::UnknownLanguage(_) => "unknown language",
        Fault::Option { .. } => "option",
        Fault::AddressSpace(_) => "address space",
        Fault::NoImage(_) => "no image",
        Fault::Toolchain { .. } => "toolchain",
        Fault::Check(_) => "check",
        Fault::Refused(_) => "refused",
        Fault::Package(_) => "package",
        Fault::Fetch(PackageError::Archive { .. } | PackageError::Invalid { .. }) => "bad package",
        Fault::Fetch(_) => "fetch",
        Fault::File { .. } => "file",
    }
}

/// Row, fault, owner, and whether every worker would meet it.
async fn table() -> Vec<(&'static str, Fault, Owner, bool)> {
    let sha256 = Digest::of(b"");
    let what = text();
    vec![
        ("container", Fault::Container(ContainerError::OldEngine { api: text() }), Operator, false),
        // A program that fights the runner for the machine is stopped by its limits (worker/tests/it/attacks.rs).
        ("deadline", sandbox(SandboxError::Deadline { what: "", within: Duration::ZERO }), Operator, false),
        // Forged frames are output (worker/tests/it/attacks.rs).
        ("protocol", sandbox(SandboxError::Protocol(gavel_runner::ProtocolError::Kind(0))), Operator, false),
        ("unexpected", sandbox(SandboxError::Unexpected { event: "", during: "" }), Operator, false),
        ("foreign stream", sandbox(SandboxError::ForeignStream), Operator, false),
        ("version", sandbox(SandboxError::Version { found: 0 }), Operator, false),
        // Of sources: CE. Of an artifact: RTE. Of a test's file: the package (worker/tests/it/sources.rs).
        (
            "file refused",
            sandbox(SandboxError::FileRefused { path: text(), what: what.clone() }),
            Operator,
            false,
        ),
        // Of a compiler: CE. Of a validator: its package (worker/tests/it/floods.rs).
        ("fetch refused", sandbox(SandboxError::FetchRefused { what: what.clone() }), Operator, false),
        // A new sandbox (worker/tests/it/pairs/leftovers.rs).
        ("not reset", sandbox(SandboxError::NotReset { what: what.clone() }), Operator, false),
        // A program never meets a volume that it can write (worker/tests/it/pairs/leftovers.rs).
        ("not joined", sandbox(SandboxError::NotJoined { what: what.clone() }), Operator, false),
        ("out of order", sandbox(SandboxError::OutOfOrder { what }), Operator, false),
        // No signal reaches the runner (images/runner/tests/it/secrecy.rs).
        ("closed", sandbox(SandboxError::Closed), Operator, false),
        // Of a program: MLE. Of a compiler: CE. Of a validator: its package.
        ("out of memory", sandbox(SandboxError::OutOfMemory), Operator, false),
        ("encode", sandbox(SandboxError::Encode(gavel_runner::ProtocolError::Kind(0))), Operator, false),
        ("input", sandbox(SandboxError::Input(io())), Operator, false),
        ("base64", Fault::Payload(no_base64().await), Publisher, false),
        (
            "blob",
            Fault::Payload(PayloadError::Blob {
                sha256,
                source: BlobError::File { path: text(), source: io() },
            }),
            Operator,
            false,
        ),
        ("unknown language", Fault::UnknownLanguage(text()), Publisher, false),
        ("option", Fault::Option { language: text(), option: text() }, Publisher, false),
        ("address space", Fault::AddressSpace(text()), Publisher, false),
        ("no image", Fault::NoImage(text()), Operator, false),
        // A program that cannot be started is RTE or CE (worker/tests/it/toolchain.rs).
        ("toolchain", Fault::Toolchain { language: text(), program: text(), why: text() }, Operator, false),
        ("check", Fault::Check(CheckError::Answer(io())), Operator, false),
        ("refused", Fault::Refused(OutOfBounds::None("files")), Publisher, true),
        ("package", Fault::Package(text()), Package, true),
        (
            "bad package",
            Fault::Fetch(PackageError::Archive { sha256, source: ArchiveError::Unreadable(text()) }),
            Package,
            false,
        ),
        ("fetch", Fault::Fetch(PackageError::Folder(io())), Operator, false),
        ("file", Fault::File { what: text(), source: io() }, Operator, false),
    ]
}

#[tokio::test]
async fn every_fault_has_an_owner_who_is_not_the_author_of_a_submission() {
    for (row, fault, owner, permanent) in table().await {
        assert_eq!(row_of(&fault), row);
        assert_eq!((fault.owner(), fault.is_permanent()), (owner, permanent), "{row}");
        assert!(!fault.kind().is_empty() && !owner.as_str().is_empty());
    }
}
