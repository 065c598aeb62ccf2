//! Validators that bring their own `build` and `run` scripts: the format's way to use anything at all.
//!
//! Both are executed in sandboxes of `images/validator`, never on the host; its `language.toml` says how.

use crate::sandbox::SourceBytes;

/// The Executable and Linkable Format, section "ELF Identification".
const ELF: &[u8] = b"\x7fELF";
const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";

/// A file of such a folder as Linux starts it: a script without the byte-order mark and the carriage returns that editors
/// of Windows leave, and with an interpreter. One without `#!` is the shell's, as `execvp` has it.
pub(super) fn startable(file: SourceBytes) -> SourceBytes {
    let text = file.bytes.strip_prefix(UTF8_MARK).unwrap_or(&file.bytes);
    let named = matches!(file.name.as_str(), "build" | "run");
    let has_interpreter = text.starts_with(b"#!");
    if text.starts_with(ELF) || !has_interpreter && !named {
        return file;
    }
    let mut clean = if has_interpreter { Vec::new() } else { b"#!/bin/sh\n".to_vec() };
    let mut rest = text.iter().copied().peekable();
    while let Some(byte) = rest.next() {
        if byte != b'\r' || rest.peek() != Some(&b'\n') {
            clean.push(byte);
        }
    }
    SourceBytes { bytes: clean.into(), ..file }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gavel_model::FileName;
    use test_case::test_case;

    #[test_case("run", b"#!/bin/sh\nexit 42\n" => b"#!/bin/sh\nexit 42\n".to_vec(); "right as it is")]
    #[test_case("run", b"#!/usr/bin/env python3\r\nx = 1\r\n" => b"#!/usr/bin/env python3\nx = 1\n".to_vec(); "saved on Windows")]
    #[test_case("run", b"\xef\xbb\xbf#!/bin/sh\r\n" => b"#!/bin/sh\n".to_vec(); "with a mark")]
    #[test_case("build", b"c++ -o run a.cc\r\n" => b"#!/bin/sh\nc++ -o run a.cc\n".to_vec(); "without an interpreter")]
    #[test_case("run", b"\x7fELF\r\n" => b"\x7fELF\r\n".to_vec(); "a program")]
    #[test_case("lib/helper", b"#!/bin/sh\r\na\rb\r\n" => b"#!/bin/sh\na\rb\n".to_vec(); "a helper")]
    #[test_case("table.txt", b"a\r\nb" => b"a\r\nb".to_vec(); "data")]
    fn a_file_is_started_as(name: &str, bytes: &'static [u8]) -> Vec<u8> {
        let name = FileName::try_from(name.to_owned()).unwrap();
        startable(SourceBytes { name, bytes: bytes::Bytes::from_static(bytes) }).bytes.to_vec()
    }
}
