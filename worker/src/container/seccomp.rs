//! Which system calls a sandbox may make: deploy/seccomp.json, and for compilers what is different in
//! deploy/seccomp-compile.json (deploy/seccomp.md tells why).

use std::sync::LazyLock;

use serde_json::Value;

use super::create::Purpose;

/// What programs get.
const PROGRAMS: &str = include_str!("../../../deploy/seccomp.json");
/// Groups of calls that compilers get in place of those with the same names.
const COMPILERS: &str = include_str!("../../../deploy/seccomp-compile.json");

static FOR_COMPILERS: LazyLock<String> = LazyLock::new(|| merged(PROGRAMS, COMPILERS));

/// The profile, as the engine takes it.
pub(super) fn profile(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Compile => &FOR_COMPILERS,
        Purpose::Run => PROGRAMS,
    }
}

/// Both texts are compiled in, and the tests read them.
fn merged(profile: &str, changes: &str) -> String {
    let read = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
    let (mut profile, mut changes) = (read(profile), read(changes));
    let mut groups = changes["syscalls"].as_array_mut().map(std::mem::take).unwrap_or_default();
    if let Some(kept) = profile["syscalls"].as_array_mut() {
        kept.retain(|group| !groups.iter().any(|change| share_a_name(group, change)));
        kept.append(&mut groups);
    }
    profile.to_string()
}

fn share_a_name(group: &Value, other: &Value) -> bool {
    let names = |group: &Value| group["names"].as_array().cloned().unwrap_or_default();
    names(group).iter().any(|name| names(other).contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// What happens to each call, by its name.
    fn actions(profile: &str) -> BTreeMap<String, Vec<Value>> {
        let profile: Value = serde_json::from_str(profile).unwrap();
        assert_eq!(profile["defaultAction"], "SCMP_ACT_ERRNO");
        let mut actions: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for group in profile["syscalls"].as_array().unwrap() {
            for name in group["names"].as_array().unwrap() {
                let mut group = group.clone();
                group.as_object_mut().unwrap().retain(|key, _| key != "names" && key != "comment");
                actions.entry(name.as_str().unwrap().to_owned()).or_default().push(group);
            }
        }
        actions
    }

    #[test]
    fn compilers_get_locks_beside_what_programs_get_and_nothing_else() {
        let (mut programs, mut compilers) =
            (actions(profile(Purpose::Run)), actions(profile(Purpose::Compile)));
        let allowed = vec![serde_json::json!({"action": "SCMP_ACT_ALLOW"})];
        for name in ["flock", "fcntl"] {
            assert_eq!(compilers.remove(name), Some(allowed.clone()), "{name}");
            assert_ne!(programs.remove(name), Some(allowed.clone()), "{name}");
        }
        assert_eq!(compilers, programs);
        assert!(programs.len() > 200, "{}", programs.len());
    }
}
