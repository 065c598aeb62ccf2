//! `gavel keys`

use crate::rig::{Ended, gavel_with};

struct Place(tempfile::TempDir);

impl Place {
    fn run(&self, args: &[&str]) -> Ended {
        let store = self.0.path().join("gavel.db").display().to_string();
        gavel_with(args, &[("GAVEL__STORE__PATH", &store)])
    }

    fn list(&self) -> serde_json::Value {
        self.run(&["keys", "list", "--json"]).json()
    }
}

#[test]
fn a_key_is_made_listed_and_revoked_and_told_once() {
    let place = Place(tempfile::tempdir().unwrap());
    let made = place.run(&["keys", "create", "--owner", "contest-2026", "--scopes", "submit"]);
    assert_eq!(made.code, 0, "{made:?}");
    let key = made.stdout.trim();
    assert!(key.starts_with("gavel_") && key.len() == 49, "{made:?}");
    let listed = place.list();
    assert_eq!(
        (&listed[0]["owner"], &listed[0]["scopes"]),
        (&"contest-2026".into(), &serde_json::json!(["submit"]))
    );
    let id = listed[0]["id"].as_str().unwrap();
    let revoked = place.run(&["keys", "revoke", id]);
    assert_eq!(revoked.code, 0, "{revoked:?}");
    assert!(place.list()[0]["revoked_at"].is_string());
    let table = place.run(&["keys", "list"]);
    assert!(table.stdout.contains(id) && table.stdout.contains("contest-2026"), "{table:?}");
    let store = std::fs::read(place.0.path().join("gavel.db")).unwrap();
    let written = String::from_utf8_lossy(&store);
    assert!(!table.stdout.contains(key) && !written.contains(key) && !written.contains(&key[6..]));
}

#[test]
fn a_key_is_made_and_revoked_as_json() {
    let place = Place(tempfile::tempdir().unwrap());
    let made = place.run(&["keys", "create", "--owner", "contest-2026", "--json"]).json();
    assert!(made["key"].as_str().unwrap().starts_with("gavel_") && made["owner"] == "contest-2026", "{made}");
    let id = made["id"].as_str().unwrap();
    assert_eq!(place.run(&["keys", "revoke", id, "--json"]).json(), serde_json::json!({"revoked": id}));
    assert!(place.list()[0]["revoked_at"].is_string());
}

#[test]
fn what_cannot_be_is_refused() {
    let place = Place(tempfile::tempdir().unwrap());
    for (args, code) in [
        (&["keys", "create"][..], 2),
        (&["keys", "create", "--owner", "anonymous"], 2),
        (&["keys", "create", "--owner", "Someone"], 2),
        (&["keys", "create", "--owner", "someone", "--scopes", "root"], 2),
        (&["keys", "revoke", "none"], 1),
    ] {
        let ended = place.run(args);
        assert_eq!((ended.code, ended.stdout.as_str()), (code, ""), "{args:?}: {ended:?}");
    }
    assert_eq!(place.list(), serde_json::json!([]));
}
