//! Two sandboxes at once: what one does, the other does not see. What it can see all the same is in docs/SECURITY.md.

use std::time::Duration;

use gavel_worker::container::Purpose;
use serde_json::{Value, json};

use crate::beside::{run_in, run_until};
use crate::rig::Rig;

/// Does all at once what could be seen from elsewhere, then says so and stays.
const SENDER: &str = r#"
import fcntl, os, socket, time
held = []
for name in os.listdir('/proc/self/ns'):
    held.append(os.open('/proc/self/ns/' + name, os.O_RDONLY))
    try: fcntl.flock(held[-1], fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError: pass
image = os.open('/usr/bin/perl', os.O_RDONLY)
for f in held + [image]:
    try: fcntl.lockf(f, fcntl.LOCK_SH)
    except OSError: pass
held += [os.open('/dev/null', 0) for _ in range(900)]
memory = bytearray(32 << 20)
for number in range(4000): os.path.exists('/tmp/none%d' % number)
for number in range(2000): open('/tmp/some%d' % number, 'w').close()
for _ in range(40):
    if os.fork() == 0: time.sleep(100)
s = socket.socket(socket.AF_UNIX); s.bind('\0covert'); s.listen()
open('/dev/shm/covert', 'w').close(); open('/dev/mqueue/covert', 'w').close()
print('set', flush=True)
time.sleep(100)
"#;

/// Reads every channel that is closed: what it finds must be the same whatever the other one does.
const RECEIVER: &str = r#"
import fcntl, json, os, socket, struct, zlib
NAMESPACES = ('cgroup', 'ipc', 'mnt', 'net', 'pid', 'time', 'user', 'uts')
def lock(path):
    f = os.open(path, os.O_RDONLY)
    try: fcntl.flock(f, fcntl.LOCK_EX | fcntl.LOCK_NB); return 'free'
    except OSError as e: return e.errno
def query(path, command):
    try: r = fcntl.fcntl(os.open(path, os.O_RDONLY), command, struct.pack('hhqqi4x', fcntl.F_WRLCK, 0, 0, 0, 0))
    except OSError as e: return e.errno
    return 'free' if struct.unpack('hhqqi4x', r)[0] == fcntl.F_UNLCK else 'locked'
def locks(path): return [lock(path), query(path, fcntl.F_GETLK), query(path, 36)]
def abstract():
    try: socket.socket(socket.AF_UNIX).connect('\0covert'); return 'there'
    except OSError: return 'none'
def pages(path):
    try: return os.preadv(os.open(path, os.O_RDONLY), [bytearray(4096)], 0, os.RWF_NOWAIT)
    except OSError as e: return e.errno
def read(path):
    try: return open(path).read()
    except OSError: return ''
def told():
    files = {}
    for top in ('/proc', '/proc/self/net', '/sys'):
        for folder, folders, names in os.walk(top):
            if folder == '/proc': folders[:] = [name for name in folders if not name.isdigit() and name not in ('self', 'thread-self')]
            for name in names:
                try: f = os.open(folder + '/' + name, os.O_RDONLY | os.O_NONBLOCK)
                except OSError: continue
                try: files[folder + '/' + name] = zlib.crc32(os.read(f, 1 << 20))
                except OSError: pass
                os.close(f)
    return files
print(json.dumps({
    'files': told(),
    'locks on the image': locks('/usr/bin/perl'),
    'locks on namespaces': {name: locks('/proc/self/ns/' + name) for name in NAMESPACES},
    'abstract sockets': abstract(),
    'shared memory': [os.path.exists('/dev/shm/covert'), os.path.exists('/dev/mqueue/covert')],
    'pages in memory': pages('/usr/bin/perl'),
}, sort_keys=True))
"#;

#[tokio::test]
async fn nothing_passes_between_two_sandboxes() {
    let rig = Rig::new().await;
    let mut sender = rig.sandbox("python", Purpose::Run).await;
    let mut receiver = rig.sandbox("python", Purpose::Run).await;
    let argv = |script| ["/usr/bin/python3", "-c", script];
    let alone = run_in(&mut receiver, &argv(RECEIVER)).await;
    let sending = argv(SENDER);
    let beside =
        run_until(&mut sender, &sending, "set\n", async { run_in(&mut receiver, &argv(RECEIVER)).await });
    let beside = tokio::time::timeout(Duration::from_secs(60), beside).await.expect("the sender never began");
    let (mut alone, mut beside): (Value, Value) =
        (serde_json::from_str(&alone).unwrap(), serde_json::from_str(&beside).unwrap());
    assert_eq!(
        differ(&alone["files"].take(), &beside["files"].take()),
        [""; 0],
        "they tell of the neighbour"
    );
    assert_eq!(beside, alone);
    // ENOLCK and twice EPERM: nobody has, and nobody can ask for, a lock on what is the same for all.
    let locks = json!([37, 1, 1]);
    let on_namespaces = ["cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"]
        .map(|name| (name.to_owned(), locks.clone()));
    let nothing = json!({
        "files": null,
        "locks on the image": locks,
        "locks on namespaces": Value::Object(on_namespaces.into_iter().collect()),
        "abstract sockets": "none",
        "shared memory": [false, false],
        "pages in memory": 95,
    });
    assert_eq!(alone, nothing);
}

/// Files of `/proc` that change by themselves or with what the receiver did before, or tell what docs/SECURITY.md says
/// that they tell.
const TELL: [&str; 9] = [
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/proc/self/net/protocols",
    "/proc/self/net/sockstat",
    "/proc/self/net/softnet_stat",
    "/proc/self/net/stat/rt_cache",
    "/proc/sys/fs/dentry-state",
    "/proc/sys/kernel/ns_last_pid",
    "/proc/sys/kernel/random/uuid",
];

/// The files that say something else; of each only a checksum is known.
fn differ<'a>(one: &'a Value, other: &'a Value) -> Vec<&'a str> {
    let (one, other) = (one.as_object().unwrap(), other.as_object().unwrap());
    assert!(one.len() > 300 && other.len() > 300, "{} and {} files", one.len(), other.len());
    let of_either: std::collections::BTreeSet<&str> =
        one.keys().chain(other.keys()).map(String::as_str).collect();
    of_either.into_iter().filter(|file| !TELL.contains(file) && one.get(*file) != other.get(*file)).collect()
}
