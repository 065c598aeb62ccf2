//! What a sandbox looks like to what runs in it, for both purposes.

use std::collections::{BTreeMap, BTreeSet};

use gavel_model::Verdict;
use gavel_worker::container::Purpose;
use serde_json::Value;
use test_case::test_case;

use crate::beside::shell_in;
use crate::rig::{Program, Rig, stdout};

/// Runs a shell script in a fresh sandbox and gives what it printed on both streams.
async fn shell(purpose: Purpose, script: &str) -> String {
    let rig = Rig::new().await;
    let mut sandbox = rig.sandbox("c", purpose).await;
    shell_in(&mut sandbox, script).await
}

#[test_case(Purpose::Run; "run")]
#[test_case(Purpose::Compile; "compile")]
#[tokio::test]
async fn a_program_is_nobody_and_may_nothing(purpose: Purpose) {
    let text = shell(purpose, "id -u; id -G; cat /proc/self/status").await;
    let mut lines = text.lines();
    let uid: u32 = lines.next().unwrap().parse().unwrap();
    assert_ne!(uid, 0);
    assert_eq!(lines.next().unwrap(), uid.to_string(), "a group of its own and no other");
    let status: BTreeMap<&str, &str> = lines.filter_map(|line| line.split_once(":\t")).collect();
    for set in ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"] {
        assert_eq!(status[set], "0000000000000000", "{set}");
    }
    assert_eq!((status["NoNewPrivs"], status["Seccomp"]), ("1", "2"));
}

#[test_case(Purpose::Run; "run")]
#[test_case(Purpose::Compile; "compile")]
#[tokio::test]
async fn there_is_no_network_but_the_loopback(purpose: Purpose) {
    let text = shell(purpose, "cat /proc/net/dev; echo ==; cat /proc/net/route").await;
    let (devices, routes) = text.split_once("==\n").unwrap();
    let names: Vec<_> = devices.lines().filter_map(|line| Some(line.split_once(':')?.0.trim())).collect();
    assert_eq!(names, ["lo"]);
    assert!(routes.lines().count() <= 1, "only the heading: {routes}");
}

#[test_case(Purpose::Run; "run")]
#[test_case(Purpose::Compile; "compile")]
#[tokio::test]
async fn nothing_of_the_root_filesystem_can_be_written(purpose: Purpose) {
    // Also where permissions alone would allow it: /var/tmp and /run/lock are everybody's.
    let places = ["", "/etc", "/usr/bin", "/opt", "/app", "/home", "/var/tmp", "/run/lock", "/dev"];
    let script: String = places.map(|place| format!("echo x > {place}/x; touch {place}/y\n")).concat()
        + "echo x >> /gavel-runner; echo x > /proc/sys/kernel/core_pattern; echo x > /sys/kernel/x; echo x > /proc/sysrq-trigger";
    let text = shell(purpose, &script).await;
    assert_eq!(text.lines().count(), places.len() * 2 + 4, "something was written: {text}");
    let readonly = |place: &str| {
        text.lines()
            .any(|line| line.contains(&format!(" {place}/x:")) && line.contains("Read-only file system"))
    };
    assert!(readonly("") && readonly("/var/tmp"), "{text}");
}

#[test_case(Purpose::Run, 64; "run")]
#[test_case(Purpose::Compile, 512; "compile")]
#[tokio::test]
async fn what_is_mounted_writable_is_known_and_bounded(purpose: Purpose, tmp_mb: u64) {
    let text = shell(purpose, "cat /proc/self/mounts").await;
    let mounts: BTreeMap<&str, (&str, BTreeSet<&str>)> = text
        .lines()
        .map(|line| {
            let fields: Vec<_> = line.split(' ').collect();
            (fields[1], (fields[2], fields[3].split(',').collect()))
        })
        .collect();
    let writable: BTreeSet<&str> =
        mounts.iter().filter(|(_, (_, options))| options.contains("rw")).map(|(place, _)| *place).collect();
    let known = BTreeSet::from([
        // Where control groups are of version 1: a folder of root's, see the next test.
        "/sys/fs/cgroup",
        "/app/work",
        "/dev",
        "/dev/mqueue",
        "/dev/shm",
        "/proc",
        "/tmp",
        // Masks: empty files and folders of the engine's own.
        "/proc/acpi",
        "/proc/kcore",
        "/proc/keys",
        "/proc/latency_stats",
        "/proc/timer_list",
        "/proc/timer_stats",
        "/proc/sched_debug",
        "/proc/interrupts",
        "/proc/scsi",
        "/proc/asound",
        "/sys/firmware",
        "/proc/cgroups",
        "/proc/cmdline",
        "/proc/diskstats",
        "/proc/fs",
        "/proc/irq",
        "/proc/key-users",
        "/proc/loadavg",
        "/proc/locks",
        "/proc/modules",
        "/proc/pagetypeinfo",
        "/proc/partitions",
        "/proc/pressure",
        "/proc/schedstat",
        "/proc/softirqs",
        "/proc/stat",
        "/proc/swaps",
        "/proc/buddyinfo",
        "/proc/sys/fs/file-nr",
        "/proc/sys/fs/inode-nr",
        "/proc/sys/fs/inode-state",
        "/proc/sys/kernel/pty",
        "/proc/uptime",
        "/proc/vmstat",
        "/proc/zoneinfo",
        "/proc/1/oom_score",
        "/proc/1/sched",
        "/proc/1/schedstat",
        "/proc/1/stat",
        "/proc/1/statm",
        "/proc/1/status",
        "/proc/1/task/1/oom_score",
        "/proc/1/task/1/sched",
        "/proc/1/task/1/schedstat",
        "/proc/1/task/1/stat",
        "/proc/1/task/1/statm",
        "/proc/1/task/1/status",
    ]);
    let unknown: Vec<_> = writable.difference(&known).collect();
    assert!(unknown.is_empty(), "{unknown:?} can be written");
    let size = |mb: u64| format!("size={}k", mb * 1024);
    for (place, mb, inodes, exec) in
        [("/app/work", 64, 8192, false), ("/tmp", tmp_mb, 8192, true), ("/dev/shm", 16, 256, false)]
    {
        let (kind, options) = &mounts[place];
        assert_eq!(*kind, "tmpfs", "{place}");
        assert!(options.contains("nosuid") && options.contains("nodev"), "{place}: {options:?}");
        assert_eq!(options.contains("noexec"), !exec, "{place}: {options:?}");
        assert!(options.contains(size(mb).as_str()), "{place}: {options:?}");
        assert!(options.contains(format!("nr_inodes={inodes}").as_str()), "{place}: {options:?}");
        assert!(options.contains("mode=700"), "{place}: {options:?}");
    }
    assert!(mounts["/"].1.contains("ro"));
}

#[test_case(Purpose::Run; "run")]
#[test_case(Purpose::Compile; "compile")]
#[tokio::test]
async fn a_program_may_write_to_the_places_that_are_wiped_and_to_no_other(purpose: Purpose) {
    let find = |what: &str| {
        format!("find / -path /proc -prune -o {what} -writable -print 2>/dev/null | sort; echo ==;")
    };
    let text = shell(purpose, &(find("-type d") + &find("-type f"))).await;
    let (folders, files) = text.split_once("==\n").unwrap();
    assert_eq!(
        folders.lines().collect::<Vec<_>>(),
        ["/app/work", "/dev/mqueue", "/dev/shm", "/tmp", "/tmp/out"]
    );
    assert_eq!(files, "==\n", "files that can be written");
}

#[test_case(Purpose::Run; "run")]
#[test_case(Purpose::Compile; "compile")]
#[tokio::test]
async fn programs_are_executed_from_tmp_only(purpose: Purpose) {
    let script = "for d in /app/work /dev/shm /tmp; do cp /usr/bin/echo $d/run && $d/run ran from $d; done";
    let text = shell(purpose, script).await;
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 3, "{text}");
    for (line, place) in lines.iter().zip(["/app/work/run", "/dev/shm/run"]) {
        assert!(line.contains(place) && line.ends_with("Permission denied"), "{text}");
    }
    assert_eq!(lines[2], "ran from /tmp");
}

#[test_case(Purpose::Run; "run")]
#[test_case(Purpose::Compile; "compile")]
#[tokio::test]
async fn no_process_of_another_container_can_be_seen(purpose: Purpose) {
    let rig = Rig::new().await;
    let _neighbour = rig.sandbox("c", purpose).await;
    let mut sandbox = rig.sandbox("c", purpose).await;
    // A shell that lists without starting anything: PID 1 and itself.
    let text = shell_in(&mut sandbox, "cd /proc; echo [0-9]*; echo $$").await;
    let (seen, own) = text.trim().split_once('\n').unwrap();
    assert_eq!(seen, format!("1 {own}"));
}

#[test_case(Purpose::Run; "run")]
#[test_case(Purpose::Compile; "compile")]
#[tokio::test]
async fn no_socket_of_the_engine_and_no_setuid_program_helps(purpose: Purpose) {
    let text = shell(
        purpose,
        "ls -d /var/run/docker.sock /run/docker.sock /run/containerd 2>/dev/null; find / -xdev -perm /6000 -type f 2>/dev/null; find /dev -type b; ls /app",
    )
    .await;
    assert_eq!(text, "work\n");
}

#[test_case(Purpose::Run; "run")]
#[test_case(Purpose::Compile; "compile")]
#[tokio::test]
async fn limits_of_the_process_are_as_the_design_says(purpose: Purpose) {
    let tmp_mb: u64 = if purpose == Purpose::Run { 64 } else { 512 };
    let text = shell(purpose, "cat /proc/self/limits; cat /proc/self/oom_score_adj").await;
    let limit = |name: &str| {
        let line = text.lines().find(|line| line.starts_with(name)).unwrap();
        line[name.len()..].split_whitespace().take(2).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(limit("Max core file size"), ["0", "0"]);
    assert_eq!(limit("Max open files"), ["1024", "1024"]);
    let size = (tmp_mb * 1024 * 1024).to_string();
    assert_eq!(limit("Max file size"), [size.clone(), size]);
    assert_eq!(limit("Max stack size")[0], (8 * 1024 * 1024).to_string(), "as the job asked");
    assert!(text.ends_with("\n1000\n"), "the program dies before the runner does: {text}");
}

/// What a judged Python program reports of its surroundings.
const REPORT: &str = r#"
import json, os, sys
def refused(act):
    try: act(); return "done"
    except OSError as e: return e.errno
status = dict(l.split(":\t") for l in open("/proc/self/status").read().splitlines() if ":\t" in l)
print(json.dumps({
  "uid": os.getuid(), "gid": os.getgid(), "caps": [status[k] for k in status if k.startswith("Cap")],
  "nnp": status["NoNewPrivs"], "seccomp": status["Seccomp"],
  "env": dict(os.environ), "argv": sys.argv, "cwd": os.getcwd(), "files": sorted(os.listdir()),
  "fds": sorted(os.listdir("/proc/self/fd")), "host": os.uname().nodename,
  "cores": sorted(os.sched_getaffinity(0)), "pin": refused(lambda: os.sched_setaffinity(0, range(64))),
  "nice": refused(lambda: os.nice(-5)), "write": refused(lambda: open("/x", "w")),
  "cmdline": open("/proc/1/cmdline").read(), "interfaces": [l.split(":")[0].strip() for l in open("/proc/net/dev") if ":" in l],
}))
"#;

#[tokio::test]
async fn a_judged_program_sees_its_language_and_nothing_else() {
    let rig = Rig::new().await;
    let slot_cores = rig.host.slots.get().await.unwrap().cores.clone();
    let report = rig.run(Program::python(REPORT)).await;
    assert_eq!(report.verdict, Verdict::Ac, "{report:?}");
    let said: Value = serde_json::from_str(&stdout(&report)).unwrap();
    assert_ne!(said["uid"], 0);
    assert_ne!(said["gid"], 0);
    assert_eq!(said["caps"], serde_json::json!(["0000000000000000"; 5].to_vec()));
    assert_eq!((said["nnp"].as_str(), said["seccomp"].as_str()), (Some("1"), Some("2")));
    let language = std::fs::read_to_string(crate::rig::root().join("images/python/language.toml")).unwrap();
    let env = said["env"].as_object().unwrap();
    assert_eq!(
        env.keys().collect::<Vec<_>>(),
        ["HOME", "LANG", "ONLINE_JUDGE", "PATH", "PYTHONINTMAXSTRDIGITS"]
    );
    for (name, value) in env {
        let pair = format!("{name} = {value}");
        assert!(language.contains(&pair), "{pair} is not of language.toml");
    }
    assert_eq!(said["argv"], serde_json::json!(["/app/work/main.py"]));
    assert_eq!((said["cwd"].as_str(), &said["files"]), (Some("/app/work"), &serde_json::json!(["main.py"])));
    assert_eq!(said["fds"], serde_json::json!(["0", "1", "2", "3"]), "3 is the folder being read");
    assert_eq!(said["host"], "sandbox");
    assert_eq!(said["cmdline"], "/gavel-runner\0");
    assert_eq!(said["interfaces"], serde_json::json!(["lo"]));
    assert_eq!(said["write"], 30, "EROFS");
    assert_eq!(said["cores"], serde_json::json!(slot_cores), "pinned to its slot");
    assert_eq!(said["pin"], 1, "EPERM: the pin cannot be undone");
    assert_eq!(said["nice"], 1, "EPERM");
    assert!(!stdout(&report).contains(&rig.config.worker.id), "it learns who judges it");
}

#[test_case(Purpose::Run; "run")]
#[test_case(Purpose::Compile; "compile")]
#[tokio::test]
async fn no_terminal_can_be_made(purpose: Purpose) {
    let script =
        "ls -A /dev/pts; for t in /dev/ptmx /dev/pts/ptmx /dev/tty /dev/console /dev/tty0; do (: < $t); done";
    let text = shell(purpose, script).await;
    assert_eq!(text.lines().count(), 5, "a terminal was opened, or there is one: {text}");
}

#[test_case(Purpose::Run; "run")]
#[test_case(Purpose::Compile; "compile")]
#[tokio::test]
async fn what_tells_of_the_machine_and_the_runner_is_masked(purpose: Purpose) {
    let files = "/proc/loadavg /proc/stat /proc/vmstat /proc/zoneinfo /proc/buddyinfo /proc/diskstats /proc/interrupts \
        /proc/softirqs /proc/schedstat /proc/locks /proc/cgroups /proc/cmdline /proc/modules /proc/partitions \
        /proc/sys/fs/file-nr /proc/sys/fs/inode-nr /proc/sys/fs/inode-state /proc/key-users /proc/swaps \
        /proc/1/oom_score /proc/1/sched /proc/1/schedstat /proc/1/stat /proc/1/statm /proc/1/status \
        /proc/1/task/1/oom_score /proc/1/task/1/sched /proc/1/task/1/schedstat /proc/1/task/1/stat /proc/1/task/1/statm \
        /proc/1/task/1/status";
    let script = format!(
        "for f in {files}; do [ -e $f ] && cat $f; done; ls -A /proc/sys/kernel/pty /proc/pressure 2>/dev/null"
    );
    let text = shell(purpose, &script).await;
    assert_eq!(text, "/proc/pressure:\n\n/proc/sys/kernel/pty:\n", "something is told");
}
