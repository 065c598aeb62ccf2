//! A pass of a multi-pass problem tells the next one nothing but what the validator says.

use gavel_model::Verdict;
use test_case::test_case;

use crate::packaged::{judge_on, verdicts};
use crate::rig::Rig;

/// Lets the first pass know a number, and wants it from the second.
const VALIDATOR: &str = "
import sys
out = sys.stdin.read().strip()
if open(sys.argv[1]).read().startswith('1'):
    open(sys.argv[3] + 'nextpass.in', 'w').write('2 0')
    sys.exit(42)
sys.exit(42 if out == open(sys.argv[2]).read().strip() else 43)
";

#[test_case(
    "os.setxattr('/tmp', 'user.s', b'4')",
    "int(os.getxattr('/tmp', 'user.s'))"; "an attribute"
)]
#[test_case(
    "os.utime('/dev/shm', ns=(4, 4))",
    "os.stat('/dev/shm').st_mtime_ns"; "times"
)]
#[test_case(
    "os.chmod('/dev/shm', 0o704)",
    "os.stat('/dev/shm').st_mode & 7"; "modes"
)]
#[test_case(
    "open('/dev/mqueue/4', 'w').close()",
    "os.listdir('/dev/mqueue')[0]"; "a message queue"
)]
#[test_case(
    "[(open('/dev/shm/x', 'w').close(), os.unlink('/dev/shm/x')) for _ in range(4000)]",
    "(open('/dev/shm/x', 'w').close(), os.stat('/dev/shm/x').st_ino // 1000)[1]"; "inode numbers"
)]
#[test_case(
    "[os.waitpid(os.fork() or os._exit(0), 0) for _ in range(400)]",
    "os.getpid() // 100"; "process numbers"
)]
#[test_case(
    "[mmap.mmap(-1, 80 << 20).write(bytes(80 << 20)) for _ in range(4)]",
    "int(open('/proc/1/stat').read().split(')')[1].split()[8]) // 40000"; "faults that the runner is told of"
)]
#[test_case(
    "bytearray(90 << 20).count(1)",
    "max(int(open(p).read()) for p in PEAKS if os.path.exists(p)) // (22 << 20)"; "the peak of memory"
)]
#[tokio::test]
async fn a_number_does_not_pass(tell: &str, hear: &str) {
    let program = format!(
        "import mmap, os
PEAKS = ('/sys/fs/cgroup/memory/memory.max_usage_in_bytes', '/sys/fs/cgroup/memory.peak')
try:
    if input().startswith('1'): {tell}; print('told')
    else: print({hear})
except (OSError, IndexError): print('refused')
"
    );
    let rig = Rig::with(|config| config.worker.slots = 1).await;
    let yaml = "  validation_passes: 2\ntype: multi-pass";
    let tests = [("1 4", "4"); 2];
    let findings = judge_on(&rig, yaml, &tests, ("v.py", VALIDATOR), "python", &program).await;
    assert_eq!(verdicts(&findings), [Verdict::Wa; 2], "{:?}", findings.tests);
}

/// The way that is open: the problem is not one that nobody can solve.
#[tokio::test]
async fn what_the_validator_says_passes() {
    let validator = VALIDATOR.replace("'2 0'", "'2 ' + out");
    let program = "p, s = input().split()\nprint(s)\n";
    let rig = Rig::with(|config| config.worker.slots = 1).await;
    let yaml = "  validation_passes: 2\ntype: multi-pass";
    let tests = [("1 4", "4"); 2];
    let findings = judge_on(&rig, yaml, &tests, ("v.py", &validator), "python", program).await;
    assert_eq!(verdicts(&findings), [Verdict::Ac; 2], "{:?}", findings.tests);
}
