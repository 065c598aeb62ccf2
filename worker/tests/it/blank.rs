//! What one program leaves in a sandbox the next one does not find, be it the next test, the next pass or the next
//! submission. The parts of the proof, each by itself, are tested in `images/runner/tests/it/blank.rs`.

use gavel_worker::container::Purpose;
use gavel_worker::sandbox::Sandbox;
use test_case::test_case;

use crate::beside::run_in;
use crate::rig::Rig;

async fn python(sandbox: &mut Sandbox, script: &str) -> String {
    run_in(sandbox, &["/usr/bin/python3", "-c", script]).await
}

/// Runs `leave`, which prints what it did, then `look` behind each border, which must find what it finds in a new sandbox.
async fn finds_nothing(leave: &str, did: &str, look: &str, rounds: usize) {
    let rig = Rig::new().await;
    let mut sandbox = rig.sandbox("python", Purpose::Run).await;
    let new = python(&mut sandbox, look).await;
    sandbox.blank().await.unwrap();
    for round in 0..rounds {
        for blank in [false, true] {
            assert_eq!(python(&mut sandbox, leave).await, did, "round {round}");
            if blank {
                sandbox.blank().await.unwrap();
            } else {
                sandbox.reset().await.unwrap();
            }
            assert_eq!(python(&mut sandbox, look).await, new, "round {round}, between submissions: {blank}");
        }
    }
}

/// Prints every name in the writable places but the one folder that is always there.
const NAMES: &str = "
import os
for place in ('/tmp', '/app/work', '/dev/shm', '/dev/mqueue'):
    for folder, folders, files in os.walk(place):
        for name in folders + files:
            if os.path.join(folder, name) != '/tmp/out': print(folder, name)
";

#[test_case("for d in P: open(d + '/.hidden', 'w').write('s'); os.mkdir(d + '/...'); os.symlink('/', d + '/ '); os.mkfifo(d + '/f')"; "hidden files")]
#[test_case("os.makedirs('/tmp/' + 'd/' * 50); os.chmod('/tmp/d', 0)"; "a deep tree")]
#[test_case("open('/dev/mqueue/q', 'w')"; "a message queue by its file")]
#[test_case("s = socket.socket(socket.AF_UNIX); s.bind('/tmp/s'); os.mknod('/app/work/n')"; "sockets by name")]
#[test_case("[os.chmod(d, 0o0) for d in P]; os.chmod('/tmp', 0o1777)"; "modes of the places")]
#[tokio::test]
async fn names_and_modes(leave: &str) {
    let leave = format!("import os, socket; P = ('/tmp', '/app/work', '/dev/shm')\n{leave}\nprint('left')");
    let modes = "for d in ('/tmp', '/app/work', '/dev/shm'): print(d, oct(os.stat(d).st_mode))";
    finds_nothing(&leave, "left\n", &format!("{NAMES}{modes}"), 1).await;
}

/// Each of these would stay where it is whatever is wiped; none can be done.
#[test_case("[os.setxattr(d, 'user.s', b'x') for d in P]", "95"; "an attribute")]
#[test_case("os.setxattr('/tmp', 'system.posix_acl_default', bytes.fromhex('0200000001000700ffffffff04000000ffffffff20000000ffffffff'))", "95"; "a default access list")]
#[test_case("os.removexattr('/tmp', 'user.s')", "95"; "the removal of an attribute")]
#[test_case("f = os.open('/tmp', 0); fcntl.ioctl(f, 0x40086602, b'\\x40\\0\\0\\0\\0\\0\\0\\0')", "25"; "flags of an inode")]
#[tokio::test]
async fn marks_on_the_places(leave: &str, error: &str) {
    let leave = format!(
        "import fcntl, os; P = ('/tmp', '/app/work', '/dev/shm')\ntry:\n  {leave}; print('done')\nexcept OSError as e: print(e.errno)"
    );
    let look = "import os\nfor d in ('/tmp', '/app/work', '/dev/shm', '/dev/mqueue'):\n  for a in os.listxattr(d): print(d, a)";
    finds_nothing(&leave, &format!("{error}\n"), look, 1).await;
}

#[tokio::test]
async fn times_of_the_places() {
    let leave = "import os\nfor d in ('/tmp', '/app/work', '/dev/shm'): os.utime(d, ns=(123456789, 987654321))\nprint('left')";
    let look = "import os\nfor d in ('/tmp', '/app/work', '/dev/shm'):\n  s = os.stat(d)\n  if s.st_mtime_ns < 10**18 or s.st_atime_ns < 10**18: print(d, s)";
    finds_nothing(leave, "left\n", look, 1).await;
}

/// Sockets that only refer to each other, and through them a file without a name: the kernel collects them when it
/// comes to it.
#[tokio::test]
async fn descriptors_in_flight() {
    let leave = r"
import os, socket
n = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); n.bind('\0secret')
f = open('/tmp/f', 'wb'); f.write(bytes(30 << 20)); f.flush(); os.unlink('/tmp/f')
for i in range(150):
    a, b = socket.socketpair()
    socket.send_fds(a, [b'x'], [a.fileno(), b.fileno(), n.fileno(), f.fileno()])
print('left', flush=True); os._exit(0)
";
    let look = r"
import os
for line in open('/proc/net/unix').read().splitlines()[1:]: print(line)
s = os.statvfs('/tmp')
if s.f_blocks - s.f_bfree > 1: print('space', s)
";
    finds_nothing(leave, "left\n", look, 10).await;
}

/// Processes that have left their parents, with all that a process can hold.
#[tokio::test]
async fn daemons_zombies_and_what_they_hold() {
    let leave = r"
import fcntl, mmap, os, signal, socket, time
def daemon():
    for s in range(1, 65):
        try: signal.signal(s, signal.SIG_IGN)
        except (OSError, ValueError): pass
    signal.setitimer(signal.ITIMER_REAL, 1000)
    n = socket.socket(socket.AF_UNIX); n.bind('\0daemon'); n.listen()
    i = os.open('/usr/bin/env', os.O_RDONLY); fcntl.lockf(i, fcntl.LOCK_SH)
    m = mmap.mmap(-1, 20 << 20); m[::4096] = b'x' * (20 << 8)
    f = open('/dev/shm/f', 'wb'); f.write(bytes(1 << 20)); f.flush(); os.unlink('/dev/shm/f')
    os.write(w, b'.'); time.sleep(1000)
r, w = os.pipe()
for _ in range(5):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            try: daemon()
            except OSError: os.write(w, b'.'); time.sleep(1000)
        os._exit(0)
for _ in range(20):
    if os.fork() == 0: os._exit(0)
for _ in range(5): os.read(r, 1)
print('left', flush=True); os._exit(0)
";
    let look = r"
import os, socket
others = [p for p in os.listdir('/proc') if p.isdigit() and int(p) not in (1, os.getpid())]
if others: print('processes', others)
try: socket.socket(socket.AF_UNIX).connect('\0daemon'); print('a socket')
except OSError: pass
for d in ('/tmp', '/dev/shm', '/app/work'):
    s = os.statvfs(d)
    if s.f_blocks - s.f_bfree > 1: print('space', d, s)
";
    finds_nothing(leave, "left\n", look, 2).await;
}
