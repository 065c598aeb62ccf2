//! Whether a protection that is not there is noticed. The engine behind the worker is asked for everything, and does not do
//! all of it: a proxy between the two takes one thing away.

use gavel_testkit::EngineProxy;
use gavel_worker::canary::Found;
use serde_json::{Value, json};
use test_case::test_case;

use crate::rig::Rig;

async fn tried_at(engine: &EngineProxy) -> Found {
    let address = engine.address();
    let rig = Rig::with(|config| config.sandbox.docker = address).await;
    rig.host.probe.try_out().await.unwrap()
}

#[tokio::test]
async fn where_all_is_there_nothing_is_missing() {
    let found = tried_at(&EngineProxy::honest()).await;
    assert_eq!((found.absent, found.unreadable), (vec![], vec![]));
}

fn options(body: &mut Value) -> &mut Vec<Value> {
    body["HostConfig"]["SecurityOpt"].as_array_mut().unwrap()
}

fn without_option(body: &mut Value, begin: &str) {
    let before = options(body).len();
    options(body).retain(|option| !option.as_str().unwrap().starts_with(begin));
    assert_eq!(options(body).len(), before - 1, "{begin} was asked for");
}

fn executable(body: &mut Value, place: &str) {
    let options = &mut body["HostConfig"]["Tmpfs"][place];
    let changed = options.as_str().unwrap().replace("noexec", "exec");
    assert_ne!(options.as_str().unwrap(), changed);
    *options = changed.into();
}

#[test_case(|body| body["HostConfig"]["CapDrop"] = Value::Null, &["capabilities"]; "capabilities")]
#[test_case(|body| without_option(body, "no-new-privileges"), &["no_new_privileges"]; "no_new_privileges")]
#[test_case(|body| without_option(body, "seccomp="), &["system_calls"]; "the project's filter")]
#[test_case(|body| { without_option(body, "seccomp="); options(body).push("seccomp=unconfined".into()); }, &["system_calls"]; "any filter")]
#[test_case(|body| { body["HostConfig"]["NetworkMode"] = "host".into(); body["NetworkDisabled"] = false.into(); }, &["network"]; "no network")]
#[test_case(|body| body["HostConfig"]["ReadonlyRootfs"] = false.into(), &["read_only_root"]; "read only root")]
#[test_case(|body| executable(body, "/app/work"), &["noexec"]; "noexec of the working directory")]
#[test_case(|body| executable(body, "/dev/shm"), &["noexec"]; "noexec of shared memory")]
#[test_case(|body| { body["HostConfig"]["Tmpfs"].as_object_mut().unwrap().remove("/dev/pts"); }, &["terminals"]; "no terminals")]
#[test_case(|body| body["HostConfig"]["MaskedPaths"] = json!([]), &["masks"]; "masks")]
#[test_case(|body| body["HostConfig"]["PidsLimit"] = 0.into(), &["processes"]; "the number of processes")]
#[test_case(|body| { body["HostConfig"]["Memory"] = 0.into(); body["HostConfig"]["MemorySwap"] = 0.into(); }, &["memory"]; "the size of memory")]
#[test_case(|body| body["HostConfig"]["Privileged"] = true.into(), &["capabilities", "system_calls"]; "not being privileged")]
#[tokio::test]
async fn what_is_taken_away_is_noticed(change: fn(&mut Value), wanted: &[&str]) {
    let found = tried_at(&EngineProxy::lying(change)).await;
    let absent: Vec<_> = found.absent.iter().map(|absent| absent.protection.as_str()).collect();
    assert_eq!(absent, wanted, "{:#?}", found.absent);
}

/// The places that programs may write to belong to the sandbox's user, so that another one could do nothing at all.
#[tokio::test]
async fn a_sandbox_of_another_user_is_none() {
    let engine = EngineProxy::honest();
    let address = engine.address();
    let rig = Rig::with(|config| config.sandbox.docker = address).await;
    engine.lie(|body| body["User"] = "0:0".into());
    match rig.host.probe.try_out().await {
        Ok(found) => {
            assert!(found.complaint().unwrap().starts_with("user: programs run with Uid 0"), "{found:?}");
        }
        Err(error) => println!("there is no such sandbox: {error:?}"),
    }
}
