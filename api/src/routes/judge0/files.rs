//! `additional_files`: a zip in base64.

use std::io::{Cursor, Read as _};

use bytes::Bytes;
use zip::ZipArchive;

/// What a zip may hold unpacked, in bytes (`MAX_EXTRACT_SIZE`).
pub const MAX_EXTRACT: u64 = 10 * 1024 * 1024;

/// The files of a zip, by name, without folders. A file with a name in `taken` is passed over, as `unzip -n` does.
///
/// # Errors
/// A message about the attribute.
pub fn unpack(zip: &Bytes, taken: &str) -> Result<Vec<(String, Bytes)>, String> {
    let mut archive =
        ZipArchive::new(Cursor::new(zip)).map_err(|_| "is not a zip archive in base64".to_owned())?;
    let mut files: Vec<(String, Bytes)> = Vec::new();
    let mut left = MAX_EXTRACT;
    for k in 0..archive.len() {
        let mut file = archive.by_index(k).map_err(|error| format!("cannot be unpacked: {error}"))?;
        let name = file.name().map_err(|error| format!("cannot be unpacked: {error}"))?;
        let name = name.trim_start_matches("./").to_owned();
        if file.is_dir() || name == taken || files.iter().any(|(known, _)| *known == name) {
            continue;
        }
        let mut bytes = Vec::new();
        let read = file.by_ref().take(left + 1).read_to_end(&mut bytes);
        read.map_err(|error| format!("cannot be unpacked: {name}: {error}"))?;
        left = left
            .checked_sub(bytes.len() as u64)
            .ok_or_else(|| format!("is too large (maximum is {} kilobytes unpacked)", MAX_EXTRACT / 1024))?;
        files.push((name, bytes.into()));
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;
    use zip::write::{SimpleFileOptions, ZipWriter};

    fn zip(files: &[(&str, &[u8])]) -> Bytes {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            if name.ends_with('/') {
                writer.add_directory(*name, SimpleFileOptions::default()).unwrap();
            } else {
                writer.start_file(*name, SimpleFileOptions::default()).unwrap();
                writer.write_all(bytes).unwrap();
            }
        }
        writer.finish().unwrap().into_inner().into()
    }

    #[test]
    fn files_are_unpacked_and_the_source_is_not_written_over() {
        let zip = zip(&[("lib/", b""), ("lib/a.py", b"x = 1"), ("main.py", b"evil"), ("./b.txt", b"b")]);
        let files = unpack(&zip, "main.py").unwrap();
        let names: Vec<_> = files.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["lib/a.py", "b.txt"]);
        assert_eq!(files[0].1, "x = 1");
    }

    #[test]
    fn what_is_no_zip_or_becomes_too_large_is_told() {
        assert_eq!(unpack(&Bytes::from_static(b"PK no"), "").unwrap_err(), "is not a zip archive in base64");
        let bomb = zip(&[("zeros", &vec![0; MAX_EXTRACT as usize + 1])]);
        assert!(bomb.len() < 100_000);
        assert!(unpack(&bomb, "").unwrap_err().starts_with("is too large"));
    }
}
