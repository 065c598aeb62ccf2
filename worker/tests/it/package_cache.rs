//! Packages on a worker's disk make room for each other, and never for those that somebody judges with.

use std::io::{Cursor, Write as _};
use std::path::PathBuf;

use gavel_blobs::BlobStore;
use gavel_model::Digest;
use gavel_model::language::Languages;
use gavel_platform::telemetry::Registry;
use gavel_worker::WorkerMetrics;
use gavel_worker::cache::PackageCache;
use zip::write::SimpleFileOptions;

use crate::rig::root;

/// What one package takes, but for some hundred bytes.
const SIZE: usize = 100_000;

struct Rig {
    folder: tempfile::TempDir,
    blobs: BlobStore,
    cache: PackageCache,
}

impl Rig {
    /// A cache with room for `packages` of them.
    fn with_room_for(packages: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let blobs = BlobStore::folder(&folder.path().join("blobs")).unwrap();
        let languages = Languages::load(&root().join("images")).unwrap();
        let metrics = WorkerMetrics::register(&Registry::default()).unwrap();
        let budget = (packages * SIZE + SIZE / 2) as u64;
        let cache =
            PackageCache::open(&folder.path().join("cache"), budget, blobs.clone(), languages, metrics)
                .unwrap();
        Self { folder, blobs, cache }
    }

    async fn package(&self, letter: char) -> Digest {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let yaml = "problem_format_version: 2025-09\nname: Room\nuuid: 5f0e1a52-1111-4222-8333-944455566677\n\
            type: pass-fail\nlimits:\n  time_limit: 1.0\n";
        let input = letter.to_string().repeat(SIZE);
        for (name, text) in [("problem.yaml", yaml), ("data/secret/1.in", &input), ("data/secret/1.ans", "")]
        {
            zip.start_file(name, SimpleFileOptions::default()).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        self.blobs.put(zip.finish().unwrap().into_inner().into()).await.unwrap()
    }

    fn place(&self, package: Digest) -> PathBuf {
        self.folder.path().join("cache").join(package.to_string())
    }
}

#[tokio::test]
async fn the_package_that_was_used_longest_ago_makes_room() {
    let rig = Rig::with_room_for(2);
    let [a, b, c] = [rig.package('a').await, rig.package('b').await, rig.package('c').await];
    for package in [a, b, a, c] {
        let cached = rig.cache.get(package).await.unwrap();
        assert!(cached.package.root().join("data/secret/1.in").is_file());
    }
    assert_eq!([a, b, c].map(|package| rig.place(package).exists()), [true, false, true]);
    // What went can be had again, and now another goes.
    rig.cache.get(b).await.unwrap();
    assert_eq!([a, b, c].map(|package| rig.place(package).exists()), [false, true, true]);
}

#[tokio::test]
async fn a_package_that_is_judged_with_stays_whatever_comes() {
    let rig = Rig::with_room_for(1);
    let [a, b, c] = [rig.package('a').await, rig.package('b').await, rig.package('c').await];
    let held = rig.cache.get(a).await.unwrap();
    rig.cache.get(b).await.unwrap();
    rig.cache.get(c).await.unwrap();
    assert_eq!([a, b, c].map(|package| rig.place(package).exists()), [true, false, true]);
    let input = std::fs::read(held.package.root().join("data/secret/1.in")).unwrap();
    assert_eq!(input, [b'a'; SIZE]);
    drop(held);
    rig.cache.get(b).await.unwrap();
    assert_eq!([a, b, c].map(|package| rig.place(package).exists()), [false, true, false]);
}

#[tokio::test]
async fn a_package_larger_than_all_room_is_still_judged_with() {
    let rig = Rig::with_room_for(0);
    let a = rig.package('a').await;
    let cached = rig.cache.get(a).await.unwrap();
    assert!(cached.package.root().join("data/secret/1.in").is_file());
}
