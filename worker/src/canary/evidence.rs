//! What the probe's script saw, weighed. What it does not tell counts as missing.

use std::collections::BTreeMap;
use std::fmt;

use crate::container::{FIRST_UID, UIDS};
use crate::protection::Protection;

/// A protection that is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absent {
    /// Which.
    pub protection: Protection,
    /// What shows it.
    pub why: String,
}

impl fmt::Display for Absent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.protection.as_str(), self.why)
    }
}

/// Every protection that the script looks at, and what is missing of it.
pub(super) fn absent(said: &str) -> Vec<Absent> {
    let evidence = Evidence::read(said);
    let checks: [(Protection, Check); 9] = [
        (Protection::User, user),
        (Protection::Capabilities, capabilities),
        (Protection::NoNewPrivileges, no_new_privileges),
        (Protection::SystemCalls, system_calls),
        (Protection::Network, network),
        (Protection::ReadOnlyRoot, read_only_root),
        (Protection::NoExec, noexec),
        (Protection::Terminals, terminals),
        (Protection::Masks, masks),
    ];
    let missing = |(protection, check): (Protection, Check)| {
        check(&evidence).err().map(|why| Absent { protection, why })
    };
    checks.into_iter().filter_map(missing).collect()
}

/// Whether a protection is there, or what shows that it is not.
type Check = fn(&Evidence<'_>) -> Result<(), String>;

/// What the script said under each heading.
struct Evidence<'a>(BTreeMap<&'a str, &'a str>);

impl<'a> Evidence<'a> {
    fn read(said: &'a str) -> Self {
        let sections = said.split("== ").skip(1);
        Self(sections.map(|section| section.split_once('\n').unwrap_or((section, ""))).collect())
    }

    fn section(&self, name: &str) -> Result<&'a str, String> {
        self.0.get(name).copied().ok_or_else(|| format!("the probe did not come to {name:?}"))
    }

    /// A field of `/proc/PID/status` (proc(5)).
    fn status(&self, whose: &str, field: &str) -> Result<&'a str, String> {
        let value = self.section(whose)?.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(":"));
        value.map(str::trim).ok_or_else(|| format!("the kernel does not tell {field} of {whose}"))
    }
}

fn user(evidence: &Evidence<'_>) -> Result<(), String> {
    let ours = FIRST_UID..FIRST_UID + UIDS;
    for field in ["Uid", "Gid", "Groups"] {
        let ids = evidence.status("own", field)?;
        let all_ours = ids.split_whitespace().all(|id| id.parse().is_ok_and(|id: u32| ours.contains(&id)));
        if !all_ours || (ids.is_empty() && field != "Groups") {
            return Err(format!("programs run with {field} {ids}"));
        }
    }
    Ok(())
}

fn capabilities(evidence: &Evidence<'_>) -> Result<(), String> {
    for (whose, field) in ["own", "runner"]
        .into_iter()
        .flat_map(|whose| ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"].map(|field| (whose, field)))
    {
        let set = evidence.status(whose, field)?;
        if set.is_empty() || set.contains(|digit| digit != '0') {
            return Err(format!("{field} is {set}"));
        }
    }
    Ok(())
}

/// Told of the runner, which is as the engine made it; programs have it from the runner in any case.
fn no_new_privileges(evidence: &Evidence<'_>) -> Result<(), String> {
    match evidence.status("runner", "NoNewPrivs")? {
        "1" => Ok(()),
        other => Err(format!("NoNewPrivs is {other}")),
    }
}

/// The runner is filtered as the engine was told, and two calls are refused that the engine's own filter allows.
fn system_calls(evidence: &Evidence<'_>) -> Result<(), String> {
    let mode = evidence.status("runner", "Seccomp")?;
    if mode != "2" {
        return Err(format!("the mode of seccomp is {mode}"));
    }
    let refused = ["Operation not permitted", "Address family not supported"];
    for (section, what) in [("socket", "an internet socket"), ("semaphore", "a System V semaphore")] {
        let said = evidence.section(section)?;
        if !refused.iter().any(|refused| said.contains(refused)) {
            return Err(format!("{what} could be made: {}", said.trim()));
        }
    }
    Ok(())
}

fn network(evidence: &Evidence<'_>) -> Result<(), String> {
    let devices =
        evidence.section("devices")?.lines().filter_map(|line| Some(line.split_once(':')?.0.trim()));
    match devices.collect::<Vec<_>>()[..] {
        ["lo"] => Ok(()),
        [] => Err("the devices cannot be listed".to_owned()),
        ref others => Err(format!("there is a network: {}", others.join(" "))),
    }
}

fn read_only_root(evidence: &Evidence<'_>) -> Result<(), String> {
    let root = evidence.section("mounts")?.lines().find_map(|line| {
        let mut fields = line.split(' ').skip(1);
        (fields.next()? == "/").then(|| fields.nth(1)).flatten()
    });
    let options = root.ok_or("the root file system is not among the mounts")?;
    let said = evidence.section("root")?;
    if options.split(',').any(|option| option == "ro") && said.contains("Read-only file system") {
        Ok(())
    } else {
        Err(format!("it is mounted {options}; writing to it: {}", said.trim()))
    }
}

/// `/tmp` is where programs are executed from: without it the others would tell nothing.
fn noexec(evidence: &Evidence<'_>) -> Result<(), String> {
    const REFUSED: &str = "126";
    let codes: BTreeMap<&str, &str> =
        evidence.section("execute")?.lines().filter_map(|line| line.split_once(' ')).collect();
    for (place, wanted) in [("/tmp", "0"), ("/app/work", REFUSED), ("/dev/shm", REFUSED)] {
        match codes.get(place) {
            Some(code) if *code == wanted => {}
            Some(code) => return Err(format!("a program in {place} ended with {code}, not {wanted}")),
            None => return Err(format!("nothing could be executed in {place}")),
        }
    }
    Ok(())
}

fn terminals(evidence: &Evidence<'_>) -> Result<(), String> {
    match evidence.section("terminals")?.trim() {
        "" => Err("/dev/ptmx can be opened".to_owned()),
        said if said.lines().all(|line| line.contains("/dev/ptmx: ")) => Ok(()),
        said => Err(format!("/dev/pts holds {said}")),
    }
}

fn masks(evidence: &Evidence<'_>) -> Result<(), String> {
    match evidence.section("masked")?.trim() {
        "0" => Ok(()),
        said => Err(format!("files of /proc that tell of the machine hold: {said}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    const STATUS: &str = "Uid:\t20001\t20001\t20001\t20001\nGid:\t20001\t20001\t20001\t20001\nGroups:\t20001 \nCapInh:\t0000000000000000\nCapPrm:\t0000000000000000\nCapEff:\t0000000000000000\nCapBnd:\t0000000000000000\nCapAmb:\t0000000000000000\nNoNewPrivs:\t1\nSeccomp:\t2\n";

    fn sound() -> String {
        format!(
            "== own\n{STATUS}== runner\n{STATUS}== devices\nInter-|   Receive\n    lo:       0\n\
             == mounts\noverlay / overlay ro,relatime,lowerdir=x 0 0\ntmpfs /tmp tmpfs rw 0 0\n\
             == root\nsh: 1: cannot create /gavel-probe: Read-only file system\n\
             == socket\nbash: socket: Address family not supported by protocol\n\
             == semaphore\nipcmk: create semaphore failed: Operation not permitted\n\
             == execute\n/tmp 0\n/app/work 126\n/dev/shm 126\n\
             == terminals\nsh: 1: cannot create /dev/ptmx: No such file or directory\n\
             == masked\n0\n== end\n"
        )
    }

    fn missing(said: &str) -> Vec<&'static str> {
        absent(said).iter().map(|absent| absent.protection.as_str()).collect()
    }

    #[test]
    fn where_all_is_there_nothing_is_missing() {
        assert_eq!(absent(&sound()), []);
    }

    #[test_case("Uid:\t20001\t20001", "Uid:\t0\t20001" => vec!["user"]; "root by one of its ids")]
    #[test_case("Groups:\t20001 ", "Groups:\t20001 0" => vec!["user"]; "a group of the system")]
    #[test_case("CapBnd:\t0000000000000000", "CapBnd:\t00000000a80425fb" => vec!["capabilities"]; "capabilities that could be had")]
    #[test_case("NoNewPrivs:\t1", "NoNewPrivs:\t0" => vec!["no_new_privileges"]; "privileges by a setuid file")]
    #[test_case("Seccomp:\t2", "Seccomp:\t0" => vec!["system_calls"]; "no filter")]
    #[test_case("ipcmk: create semaphore failed: Operation not permitted", "Semaphore id: 0" => vec!["system_calls"]; "the filter of the engine")]
    #[test_case("socket: Address family not supported by protocol", "connect: Connection refused" => vec!["system_calls"]; "sockets")]
    #[test_case("    lo:       0\n", "    lo:       0\n  eth0:       0\n" => vec!["network"]; "a network")]
    #[test_case("overlay ro,", "overlay rw," => vec!["read_only_root"]; "a root that can be written")]
    #[test_case("/app/work 126", "/app/work 0" => vec!["noexec"]; "programs beside the source")]
    #[test_case("/tmp 0", "/tmp 126" => vec!["noexec"]; "nothing could be executed at all")]
    #[test_case("== terminals\n", "== terminals\n3\n" => vec!["terminals"]; "a terminal")]
    #[test_case("== terminals\nsh: 1: cannot create /dev/ptmx: No such file or directory\n", "== terminals\n" => vec!["terminals"]; "the maker of terminals")]
    #[test_case("== masked\n0", "== masked\n27" => vec!["masks"]; "the load of the machine")]
    fn what_is_taken_away_is_missing(there: &str, instead: &str) -> Vec<&'static str> {
        assert!(sound().contains(there), "{there:?}");
        missing(&sound().replace(there, instead))
    }

    #[test]
    fn what_is_not_told_is_missing() {
        assert_eq!(absent("").len(), 9);
        for heading in
            ["own", "runner", "devices", "mounts", "root", "socket", "execute", "terminals", "masked"]
        {
            assert_ne!(
                missing(&sound().replace(&format!("== {heading}\n"), "")),
                Vec::<&str>::new(),
                "{heading}"
            );
        }
    }
}
