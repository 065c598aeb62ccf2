//! What a sandbox looks like from outside, through the Docker API: every row of the table in docs/SECURITY.md, for both
//! purposes. What it looks like from inside is in `inside.rs`.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use bollard::Docker;
use bollard::query_parameters::{InspectContainerOptions, ListContainersOptionsBuilder};
use gavel_model::Limits;
use gavel_worker::container::{LABEL_BOOT, LABEL_PURPOSE, LABEL_WORKER, Purpose};
use serde_json::{Value, json};
use test_case::test_case;

use crate::rig::{Program, Rig, root};

const MIB: u64 = 1024 * 1024;

fn docker() -> Docker {
    Docker::connect_with_defaults().unwrap()
}

async fn inspect(docker: &Docker, id: &str) -> Value {
    let found = docker.inspect_container(id, None::<InspectContainerOptions>).await.unwrap();
    serde_json::to_value(found).unwrap()
}

/// What the design's table says a sandbox of this worker is: where it stands, and what stands there.
fn table(uid: &str, purpose: Purpose, memory_mb: u64, tmp_mb: u64) -> Vec<(&'static str, Value)> {
    let mib = |count: u64| json!(count * MIB);
    let tmpfs = |exec: &str, size_mb: u64, inodes: u64| {
        format!("rw,{exec},nosuid,nodev,size={size_mb}m,nr_inodes={inodes},mode=0700,uid={uid},gid={uid}")
    };
    let processes = match purpose {
        Purpose::Compile => 256,
        Purpose::Run => 64,
    };
    vec![
        // Capabilities and privileges.
        ("/HostConfig/CapDrop", json!(["ALL"])),
        ("/HostConfig/CapAdd", Value::Null),
        ("/HostConfig/Privileged", json!(false)),
        ("/HostConfig/GroupAdd", Value::Null),
        ("/HostConfig/UsernsMode", Value::Null),
        // Files.
        ("/HostConfig/ReadonlyRootfs", json!(true)),
        (
            "/HostConfig/Tmpfs",
            json!({
                "/app/work": tmpfs("noexec", 64, 8192),
                "/tmp": tmpfs("exec", tmp_mb, 8192),
                "/dev/shm": tmpfs("noexec", 16, 256),
                "/dev/pts": "ro,noexec,nosuid,nodev,size=4k,nr_inodes=1",
            }),
        ),
        ("/HostConfig/Binds", Value::Null),
        ("/HostConfig/Mounts", Value::Null),
        ("/HostConfig/VolumesFrom", Value::Null),
        ("/HostConfig/Devices", Value::Null),
        ("/HostConfig/DeviceRequests", Value::Null),
        ("/HostConfig/DeviceCgroupRules", Value::Null),
        ("/Config/Volumes", Value::Null),
        ("/Mounts", Value::Null),
        // Network and namespaces.
        ("/HostConfig/NetworkMode", json!("none")),
        ("/Config/NetworkDisabled", json!(true)),
        ("/HostConfig/PortBindings", Value::Null),
        ("/HostConfig/Links", Value::Null),
        ("/HostConfig/ExtraHosts", Value::Null),
        ("/HostConfig/PidMode", Value::Null),
        ("/HostConfig/IpcMode", json!("private")),
        ("/HostConfig/UTSMode", Value::Null),
        ("/HostConfig/CgroupnsMode", json!("private")),
        ("/Config/Hostname", json!("sandbox")),
        // Sizes; the runner is one process more.
        ("/HostConfig/PidsLimit", json!(processes + 1)),
        ("/HostConfig/Memory", mib(memory_mb)),
        ("/HostConfig/MemorySwap", mib(memory_mb)),
        ("/HostConfig/OomKillDisable", json!(false)),
        ("/HostConfig/OomScoreAdj", Value::Null),
        ("/HostConfig/NanoCpus", Value::Null),
        ("/HostConfig/CpuQuota", Value::Null),
        ("/HostConfig/CpuPeriod", Value::Null),
        ("/HostConfig/CpuShares", Value::Null),
        (
            "/HostConfig/Ulimits",
            json!([
                {"Name": "core", "Hard": 0, "Soft": 0},
                {"Name": "nofile", "Hard": 1024, "Soft": 1024},
                {"Name": "fsize", "Hard": tmp_mb * MIB, "Soft": tmp_mb * MIB},
                {"Name": "stack", "Hard": -1, "Soft": 8 * MIB},
            ]),
        ),
        // Streams: Docker keeps nothing of them, and the container ends when the worker lets go.
        ("/HostConfig/LogConfig/Type", json!("none")),
        ("/Config/Tty", json!(false)),
        ("/Config/OpenStdin", json!(true)),
        ("/Config/StdinOnce", json!(true)),
        ("/Config/AttachStdin", json!(true)),
        ("/Config/AttachStdout", json!(true)),
        ("/HostConfig/AutoRemove", json!(true)),
        ("/HostConfig/RestartPolicy/Name", Value::Null),
        ("/HostConfig/Init", json!(false)),
        // PID 1 is the runner, nothing was ever executed beside it, and the image brings no settings but a path.
        ("/Path", json!("/gavel-runner")),
        ("/Args", Value::Null),
        ("/ExecIDs", Value::Null),
        ("/Config/Env", json!(["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"])),
    ]
}

/// Not there, zero and empty say the same in Docker's answers, and differ between its versions.
fn plain(value: Option<&Value>) -> Value {
    match value {
        None => Value::Null,
        Some(value) if *value == json!(0) || *value == json!("") => Value::Null,
        Some(Value::Array(items)) if items.is_empty() => Value::Null,
        Some(Value::Object(fields)) if fields.is_empty() => Value::Null,
        Some(value) => value.clone(),
    }
}

/// Fails with every row that differs, not with the first.
fn assert_table(found: &Value, purpose: Purpose, memory_mb: u64, tmp_mb: u64) {
    let user = found.pointer("/Config/User").and_then(Value::as_str).unwrap();
    let (uid, gid) = user.split_once(':').expect("user:group by number");
    assert!(uid == gid && uid.parse::<u32>().unwrap() >= 1000, "not an unprivileged user: {user}");
    let rows = table(uid, purpose, memory_mb, tmp_mb);
    let wrong: Vec<_> = rows
        .into_iter()
        .map(|(at, wanted)| (at, wanted, plain(found.pointer(at))))
        .filter(|(_, wanted, is)| wanted != is)
        .map(|(at, wanted, is)| format!("{at}: is {is}, should be {wanted}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));

    let options: Vec<&str> = strings(found, "/HostConfig/SecurityOpt");
    assert!(options.contains(&"no-new-privileges:true"), "{options:?}");
    let profile = options.iter().find_map(|option| option.strip_prefix("seccomp=")).expect("a profile");
    let ours = std::fs::read_to_string(root().join("deploy/seccomp.json")).unwrap();
    // What compilers get beside it is looked at where the two are put together.
    let of_both = |text: &str| {
        let mut profile: Value = serde_json::from_str(text).unwrap();
        let groups = profile["syscalls"].as_array_mut().unwrap();
        groups.retain(|group| purpose == Purpose::Run || !names_locks(group));
        profile
    };
    assert!(of_both(profile) == of_both(&ours), "not the project's own profile");
    assert_eq!(options.len(), 2, "{options:?}");

    // Which of the two it is differs between engines; neither has an interface.
    let networks = found.pointer("/NetworkSettings/Networks").and_then(Value::as_object);
    let networks: Vec<_> = networks.into_iter().flat_map(|networks| networks.keys()).collect();
    assert!(networks.is_empty() || networks == ["none"], "{networks:?}");
    let masked = strings(found, "/HostConfig/MaskedPaths");
    for path in ["/proc/kcore", "/proc/keys", "/proc/timer_list", "/sys/firmware"] {
        assert!(masked.contains(&path), "{path} is not masked: {masked:?}");
    }
    assert!(strings(found, "/HostConfig/ReadonlyPaths").contains(&"/proc/sys"));
}

fn strings<'a>(found: &'a Value, at: &str) -> Vec<&'a str> {
    found.pointer(at).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}

#[test_case(Purpose::Run, 256 + 128, 64; "run")]
#[test_case(Purpose::Compile, 2048 + 128, 512; "compile")]
#[tokio::test]
async fn a_container_is_as_the_design_says(purpose: Purpose, memory_mb: u64, tmp_mb: u64) {
    let rig = Rig::new().await;
    let sandbox = rig.sandbox("c", purpose).await;
    let found = inspect(&docker(), sandbox.id()).await;
    assert_table(&found, purpose, memory_mb, tmp_mb);
}

#[test_case(Purpose::Run; "run")]
#[test_case(Purpose::Compile; "compile")]
#[tokio::test]
async fn labels_tell_whose_it_is_and_the_name_tells_nothing(purpose: Purpose) {
    let rig = Rig::new().await;
    let docker = docker();
    let one = inspect(&docker, rig.sandbox("c", purpose).await.id()).await;
    let two = inspect(&docker, rig.sandbox("c", purpose).await.id()).await;
    let label =
        |found: &Value, name: &str| found["Config"]["Labels"][name].as_str().unwrap_or_default().to_owned();
    assert_eq!(label(&one, LABEL_WORKER), rig.config.worker.id);
    assert_eq!(label(&one, LABEL_PURPOSE), purpose.as_str());
    assert_eq!(label(&one, LABEL_BOOT), label(&two, LABEL_BOOT));
    uuid::Uuid::parse_str(&label(&one, LABEL_BOOT)).expect("a boot id is random");
    let name = one["Name"].as_str().unwrap();
    assert_ne!(name, two["Name"].as_str().unwrap());
    assert!(!name.contains("gavel") && !name.contains(&rig.config.worker.id), "{name}");
    let user = |found: &Value| found["Config"]["User"].as_str().unwrap().to_owned();
    // Drawn from 40,000: the same twice would be remarkable.
    assert_ne!(user(&one), user(&two), "two sandboxes share a user");
}

#[tokio::test]
async fn a_sandbox_in_which_a_program_runs_is_still_as_the_design_says() {
    let rig = Rig::new().await;
    let limits = Limits { cpu_ms: 1_000, wall_ms: 100_000, memory_mb: 100, ..Limits::DEFAULT };
    let sleeper = Program::c("#include <unistd.h>\nint main(){sleep(60);}").limits(limits).submission();
    let looked = async {
        let docker = docker();
        let label = format!("{LABEL_WORKER}={}", rig.config.worker.id);
        let filters = HashMap::from([("label", vec![label, format!("{LABEL_PURPOSE}=run")])]);
        for _ in 0..2_400 {
            let options = ListContainersOptionsBuilder::default().filters(&filters).build();
            let running = docker.list_containers(Some(options)).await.unwrap();
            for id in running.into_iter().filter_map(|container| container.id) {
                // One process is the runner's; the second is the program. Some sandboxes only wait.
                if let Ok(top) = docker.top_processes(&id, None).await
                    && top.processes.is_some_and(|processes| processes.len() > 1)
                {
                    return inspect(&docker, &id).await;
                }
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("no sandbox ran a program within a minute");
    };
    let found = tokio::select! {
        found = looked => found,
        result = rig.judge(&sleeper) => panic!("it ended before it was looked at: {result:?}"),
    };
    // Up to the usual limit all are of one size; the runner holds the program against its own.
    assert_table(&found, Purpose::Run, Limits::DEFAULT.memory_mb + 128, 64);
}

#[tokio::test]
async fn a_warm_sandbox_given_other_limits_has_those_and_no_swap() {
    let rig = Rig::new().await;
    let sandbox = rig.sandbox("c", Purpose::Run).await;
    rig.host.engine.resize(&sandbox, 700, 12).await.unwrap();
    let found = inspect(&docker(), sandbox.id()).await;
    let limit = |at: &str| found["HostConfig"][at].as_u64().unwrap();
    assert_eq!((limit("Memory"), limit("MemorySwap"), limit("PidsLimit")), (700 * MIB, 700 * MIB, 13));
}

/// Whether the engine knows no such container: any other failure to ask says nothing and fails the test.
async fn gone(docker: &Docker, id: &str) -> bool {
    match docker.inspect_container(id, None::<InspectContainerOptions>).await {
        Ok(_) => false,
        Err(bollard::errors::Error::DockerResponseServerError { status_code: 404, .. }) => true,
        Err(error) => panic!("the engine does not say whether {id} is there: {error}"),
    }
}

#[tokio::test]
async fn a_dropped_sandbox_is_gone_within_two_seconds() {
    let rig = Rig::new().await;
    let docker = docker();
    let sandbox = rig.sandbox("c", Purpose::Run).await;
    let id = sandbox.id().to_owned();
    assert!(!gone(&docker, &id).await, "it was never there");
    drop(sandbox);
    let begin = Instant::now();
    loop {
        let asked = begin.elapsed();
        if gone(&docker, &id).await {
            return;
        }
        assert!(
            asked < Duration::from_secs(2),
            "the container of a dropped sandbox is there after {asked:?}"
        );
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
}

fn names_locks(group: &Value) -> bool {
    let names = group["names"].as_array().unwrap();
    names.iter().any(|name| name == "flock" || name == "fcntl")
}
