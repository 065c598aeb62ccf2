//! `images/packages.sh`: what is in the images, for whoever runs them.

use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;

use crate::rig::root;

fn packages(args: &[&str]) -> Output {
    Command::new(root().join("images/packages.sh")).args(args).output().unwrap()
}

fn printed(output: &Output) -> &str {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    std::str::from_utf8(&output.stdout).unwrap()
}

/// The folders of images, each with its Dockerfile.
fn dockerfiles() -> Vec<(String, String)> {
    let folders = std::fs::read_dir(root().join("images")).unwrap().map(|entry| entry.unwrap().path());
    let file = |folder: PathBuf| {
        let text = std::fs::read_to_string(folder.join("Dockerfile")).ok()?;
        Some((folder.file_name()?.to_str()?.to_owned(), text))
    };
    folders.filter_map(file).collect()
}

#[test]
fn every_package_of_an_image_is_told() {
    let lines = packages(&["c"]);
    let of = |image: &str| {
        let of_image = printed(&lines).lines().filter(|line| line.starts_with(image));
        of_image.map(|line| line.split('\t').nth(1).unwrap()).collect::<Vec<_>>()
    };
    let (compile, run) = (of("gavel/c-compile:"), of("gavel/c-run:"));
    assert!(compile.contains(&"g++-14") && compile.contains(&"libc6"), "{compile:?}");
    assert!(run.contains(&"libstdc++6") && !run.iter().any(|name| name.starts_with("g++")), "{run:?}");
}

#[test]
fn a_scanner_is_told_the_same() {
    let told = packages(&["--json", "python"]);
    let bills: Vec<Value> = serde_json::from_str(printed(&told)).unwrap();
    let [bill] = &bills[..] else { panic!("one image: {bills:#?}") };
    assert_eq!((&bill["bomFormat"], &bill["specVersion"]), (&"CycloneDX".into(), &"1.6".into()));
    let image = &bill["metadata"]["component"];
    assert!(image["version"].as_str().unwrap().starts_with("sha256:"), "{image}");
    let libc = bill["components"].as_array().unwrap().iter().find(|part| part["name"] == "libc6").unwrap();
    let version = libc["version"].as_str().unwrap();
    let purl = libc["purl"].as_str().unwrap();
    let begin = format!("pkg:deb/debian/libc6@{}?arch=", version.replace('+', "%2B").replace(':', "%3A"));
    assert!(purl.starts_with(&begin) && purl.ends_with("&distro=trixie"), "{purl}");
}

#[test]
fn what_is_not_there_is_an_error() {
    let told = packages(&["nothing"]);
    let said = String::from_utf8_lossy(&told.stderr);
    assert!(!told.status.success() && said.contains("no such language: images/nothing/Dockerfile"), "{said}");
}

/// dpkg knows nothing of it.
#[test]
fn what_is_copied_from_elsewhere_is_listed_in_the_image() {
    let mut copying = 0;
    for (folder, text) in dockerfiles() {
        if text.contains("--from=package") || text.contains(" fetched/") {
            copying += 1;
            assert!(
                text.contains("/usr/share/gavel/"),
                "images/{folder}/Dockerfile copies what it does not list"
            );
        }
    }
    assert!(copying >= 6, "{copying}");
}
