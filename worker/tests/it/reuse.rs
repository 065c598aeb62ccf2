//! Sandboxes that serve more than one submission: when they do, when they do not, and that nobody can tell.

use gavel_model::{JudgeResult, Lane, Limits, Submission, Verdict};
use gavel_testkit::{PATIENCE, until};
use gavel_worker::settings::WorkerSettings;
use test_case::test_case;

use crate::attacks::tests;
use crate::pairs::repeats;
use crate::rig::{Program, Rig, stdout};

const KIB: u64 = 1024;
const MIB: u64 = 1024 * KIB;

/// One slot, so that there is no doubt which sandbox a submission gets.
async fn rig(change: impl FnOnce(&mut WorkerSettings)) -> Rig {
    Rig::with(|config| {
        config.worker.slots = 1;
        change(config);
    })
    .await
}

/// Judges, and waits until what it used is either ready again or gone.
async fn judge(rig: &Rig, submission: &Submission) -> JudgeResult {
    let result = rig.judge(submission).await;
    settled(rig).await;
    result
}

async fn settled(rig: &Rig) {
    until("no sandbox is on its way", PATIENCE, async || {
        let states = ["starting", "leased", "proving"].map(|state| format!("state=\"{state}\""));
        let busy: f64 = states.iter().map(|state| rig.measured("gavel_sandboxes", &[state])).sum();
        (busy == 0.0).then_some(())
    })
    .await;
}

/// Containers that were started so far, those that told a compiler's version left out.
fn started(rig: &Rig) -> f64 {
    rig.measured("gavel_sandbox_leases_total", &["outcome=\"miss\""])
}

fn destroyed(rig: &Rig, reason: &str) -> f64 {
    rig.measured("gavel_sandboxes_destroyed_total", &[&format!("reason=\"{reason}\"")])
}

fn said(result: &JudgeResult) -> (Verdict, String) {
    (result.verdict, result.tests.first().map(stdout).unwrap_or_default())
}

#[test_case("python", "print(input())", 1.0; "one sandbox runs it")]
#[test_case("c", "#include <stdio.h>\nint main(void){puts(\"7\");}", 2.0; "one compiles, one runs")]
#[tokio::test]
async fn the_next_submission_gets_the_sandbox_of_the_last(language: &str, source: &str, sandboxes: f64) {
    let rig = rig(|_| {}).await;
    for round in 0..4 {
        // A source of its own each time: nothing comes from the cache of artifacts.
        let id = gavel_model::SubmissionId::new();
        let source = if language == "c" { format!("// {id}\n{source}") } else { format!("# {id}\n{source}") };
        let result = judge(&rig, &Program::new(language, &source).stdin("7\n").submission()).await;
        assert_eq!(said(&result), (Verdict::Ac, "7\n".to_owned()), "{round}: {result:#?}");
        assert_eq!(started(&rig), sandboxes, "{round}");
    }
    assert_eq!(rig.measured("gavel_sandbox_proof_seconds_count", &[]), 4.0 * sandboxes);
}

#[test_case(1; "one each")]
#[test_case(2; "two each")]
#[test_case(50; "all")]
#[tokio::test]
async fn a_sandbox_serves_no_more_submissions_than_it_may(uses: u32) {
    let rig = rig(|config| config.sandbox.uses = uses).await;
    for _ in 0..5 {
        let result = judge(&rig, &Program::python("print(1)").submission()).await;
        assert_eq!(result.verdict, Verdict::Ac);
    }
    assert_eq!(destroyed(&rig, "used_up"), f64::from(5 / uses));
    assert_eq!(destroyed(&rig, "not_blank"), 0.0);
}

#[tokio::test]
async fn a_lane_that_wants_a_sandbox_of_its_own_gets_one() {
    let rig = rig(|config| config.sandbox.uses_by_lane.contest = 1).await;
    // The number of its tmpfs tells living sandboxes apart.
    let of = async |lane| {
        let submission = Program::python("import os\nprint(os.stat('/tmp').st_dev)").submission();
        let result = judge(&rig, &Submission { lane, ..submission }).await;
        let (verdict, sandbox) = said(&result);
        assert_eq!(verdict, Verdict::Ac, "{result:#?}");
        sandbox
    };
    let shared = of(Lane::Practice).await;
    assert_eq!(of(Lane::Practice).await, shared, "practice shares one");
    assert_eq!(destroyed(&rig, "used_up"), 0.0);
    for contest in 1..=2 {
        assert_ne!(of(Lane::Contest).await, shared, "nobody had this one");
        assert_eq!(destroyed(&rig, "used_up"), f64::from(contest), "and nobody gets it");
        assert_eq!(of(Lane::Practice).await, shared, "practice has its own still");
    }
}

#[test_case("while True: pass", "limit"; "a time limit")]
#[test_case("x = [0] * 10**10", "limit"; "a memory limit")]
#[test_case("print('x' * 10**8)", "limit"; "an output limit")]
#[test_case("import os\nos.kill(os.getpid(), 11)", "signal"; "a signal")]
#[tokio::test]
async fn a_sandbox_is_destroyed_after(source: &str, reason: &str) {
    let rig = rig(|_| {}).await;
    let limits = Limits { cpu_ms: 300, wall_ms: 60_000, ..Limits::DEFAULT };
    let result = judge(&rig, &Program::python(source).limits(limits).submission()).await;
    assert_ne!(result.verdict, Verdict::Ac);
    // The check of its syntax that follows has a sandbox of its own.
    let ends = destroyed(&rig, reason);
    assert!(ends == 1.0 || (result.verdict == Verdict::Mle && reason == "limit"), "{result:#?}");
    let next = judge(&rig, &Program::python("print(1)").submission()).await;
    assert_eq!(said(&next), (Verdict::Ac, "1\n".to_owned()));
}

/// What counts on cannot be set back, so a submission may use so much of it and no more.
#[test_case("for _ in range(300): os.waitpid(os.fork() or os._exit(0), 0)"; "process numbers")]
#[test_case("for n in range(300): open(f'/tmp/out/{n}', 'w')"; "inode numbers")]
#[test_case("for n in range(200): open(f'/dev/shm/{n}', 'w')"; "names")]
#[tokio::test]
async fn a_submission_that_uses_many_numbers_has_the_sandbox_for_itself(source: &str) {
    let rig = rig(|_| {}).await;
    let result = judge(&rig, &Program::python(&format!("import os\n{source}\n")).submission()).await;
    assert_eq!(result.verdict, Verdict::Ac, "{result:#?}");
    assert_eq!(destroyed(&rig, "not_blank"), 1.0);
}

#[tokio::test]
async fn a_program_that_only_fails_costs_no_sandbox() {
    let rig = rig(|_| {}).await;
    for _ in 0..3 {
        let result = judge(&rig, &Program::python("import sys\nsys.exit(3)").submission()).await;
        assert_eq!(result.verdict, Verdict::Rte);
    }
    assert_eq!(started(&rig), 1.0);
}

#[tokio::test]
async fn a_compiler_that_refuses_costs_no_sandbox() {
    let rig = rig(|_| {}).await;
    for _ in 0..3 {
        let result = judge(&rig, &Program::c("int main(void) { return x; }").submission()).await;
        assert_eq!(result.verdict, Verdict::Ce);
    }
    assert_eq!(started(&rig), 2.0, "one that compiles, and one to run in that was never used");
}

const READABLE: &str = "import os, time
def readable(path):
    try: open(path).close()
    except OSError: return False
    return True
";

/// What a first submission leaves, and how a second looks for it. Both in the same sandbox.
#[test_case("open('/tmp/x', 'w').write('x'); open('/app/work/y', 'w').write('y')", "print(sorted(os.listdir('/tmp')), sorted(os.listdir('/app/work')), end='')", "['out'] ['main.py']"; "files")]
#[test_case("os.mkdir('/tmp/a'); os.mkdir('/tmp/a/b'); os.chmod('/tmp/a', 0)", "print(sorted(os.listdir('/tmp')), end='')", "['out']"; "a folder that is closed")]
#[test_case("open('/dev/shm/x', 'w').write('x')", "print(os.listdir('/dev/shm'), end='')", "[]"; "shared memory")]
#[test_case("os.chmod('/tmp', 0o777); os.chmod('/app/work', 0o755)", "print(oct(os.stat('/tmp').st_mode), oct(os.stat('/app/work').st_mode), end='')", "0o41777 0o40755"; "modes of the roots")]
#[test_case("import socket\nif os.fork() == 0:\n  s = socket.socket(socket.AF_UNIX); s.bind('\\0left'); s.listen(); time.sleep(99)", "import socket\ns = socket.socket(socket.AF_UNIX)\ntry: s.connect('\\0left'); print('found', end='')\nexcept OSError: print('none', end='')", "none"; "a socket without a file")]
#[test_case("if os.fork() == 0:\n  os.setsid()\n  if os.fork() == 0: time.sleep(99)", "print(sum(name.isdigit() for name in os.listdir('/proc')), end='')", "2"; "a daemon")]
#[test_case("f = open('/tmp/x', 'wb'); f.write(bytes(40 << 20)); f.flush(); os.unlink('/tmp/x')", "s = os.statvfs('/tmp'); print(s.f_bfree * s.f_bsize >> 20, end='')", "64"; "space of a file without a name")]
#[test_case("for n in range(100): open(f'/tmp/{n}', 'w')", "print(os.statvfs('/tmp').f_ffree > 8180, end='')", "True"; "inodes")]
#[test_case("for _ in range(99): os.waitpid(os.fork() or os._exit(0), 0)", "print(os.getpid() % 256 < 99, end='')", "True"; "process numbers")]
#[test_case("for n in range(99): open(f'/tmp/{n}', 'w')", "open('/tmp/x', 'w'); print(os.stat('/tmp/x').st_ino % 256 < 99, end='')", "True"; "inode numbers")]
#[test_case("x = bytearray(150 << 20)", "print([readable(p) for p in ('/sys/fs/cgroup/memory/memory.max_usage_in_bytes', '/sys/fs/cgroup/memory.peak')], end='')", "[False, False]"; "the peak of memory")]
#[test_case("x = bytearray(150 << 20)", "print(repr(open('/proc/1/stat').read()), end='')", "''"; "faults that the runner is told of")]
#[test_case("for n in range(10**6): pass", "import time\ntry: print(time.clock_gettime(-14), end='')\nexcept OSError as e: print(e.errno, end='')", "22"; "the clock of the runner")]
#[test_case("os.utime('/tmp', (1, 1)); os.utime('/app/work', (1, 1))", "print(os.stat('/tmp').st_mtime > 10**9 and os.stat('/app/work').st_mtime > 10**9, end='')", "True"; "times of the roots")]
#[test_case("import resource\nresource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)); os.umask(0o777)", "import resource\nprint(resource.getrlimit(resource.RLIMIT_NOFILE), oct(os.umask(0)), end='')", "(1024, 1024) 0o22"; "limits and umask")]
#[test_case("os.symlink('/proc/1', '/tmp/out/link'); os.link('/app/work/main.py', '/app/work/again.py')", "print(os.listdir('/tmp/out'), os.listdir('/app/work'), end='')", "[] ['main.py']"; "links")]
#[tokio::test]
async fn nothing_of_the_first_submission_is_there_for_the_second(leave: &str, look: &str, nothing: &str) {
    let rig = rig(|_| {}).await;
    let source = |text: &str| format!("{READABLE}{text}\n");
    let alone = judge(&rig, &Program::python(&source(look)).submission()).await;
    assert_eq!(said(&alone), (Verdict::Ac, nothing.to_owned()), "in a sandbox that nobody had: {alone:#?}");
    let left = judge(&rig, &Program::python(&source(leave)).submission()).await;
    assert_eq!(left.verdict, Verdict::Ac, "{left:#?}");
    let after = judge(&rig, &Program::python(&source(look)).submission()).await;
    assert_eq!(said(&after), (Verdict::Ac, nothing.to_owned()), "{after:#?}");
    assert_eq!((started(&rig), destroyed(&rig, "not_blank")), (1.0, 0.0), "all in one sandbox");
}

/// Figures of a program alone, and again behind one that used much.
#[test_case("python", "x = bytearray(180 << 20)", "print(len(bytearray(20 << 20)))"; "python")]
#[test_case("python", "open('/tmp/x', 'wb').write(bytes(50 << 20))", "print(len(bytearray(20 << 20)))"; "python, files")]
#[test_case("python", "for n in range(100): open(f'/tmp/{n}', 'w')", "import time\nx = bytearray(1 << 20)\ntime.sleep(0.1)"; "python, names")]
#[test_case("node", "const x = Buffer.alloc(100 << 20, 1)", "console.log(Buffer.alloc(20 << 20, 1).length)"; "node")]
#[tokio::test]
async fn memory_is_counted_as_in_a_sandbox_that_nobody_had(language: &str, much: &str, little: &str) {
    let rig = rig(|_| {}).await;
    let memory = async |source: &str| {
        let result = judge(&rig, &Program::new(language, source).submission()).await;
        assert_eq!(result.verdict, Verdict::Ac, "{result:#?}");
        result.memory_bytes.unwrap()
    };
    let alone = memory(little).await;
    let mut after = Vec::new();
    for _ in 0..3 {
        memory(much).await;
        after.push(memory(little).await);
    }
    assert_eq!(started(&rig), 1.0, "all in one sandbox");
    // Two runs of the same program differ by what the kernel gives in batches.
    let most = alone / 20 + MIB;
    assert!(after.iter().all(|after| after.abs_diff(alone) <= most), "{alone} alone, then {after:?}");
}

/// Honest and hostile programs in turn, in sandboxes that are used again and in one each: nobody can tell which.
/// `GAVEL_TEST_REPEATS=5000` makes it 10,000 submissions.
#[tokio::test]
async fn a_mix_of_programs_is_judged_as_in_a_sandbox_each() {
    const PROGRAMS: [(&str, Verdict); 6] = [
        ("print(sum(map(int, input().split())))", Verdict::Ac),
        ("x = bytearray(60 << 20)\nprint(3)", Verdict::Ac),
        (
            "import os, signal\nfor n in range(20):\n  if os.fork() == 0: os.setsid(); open(f'/tmp/{n}', 'w'); signal.pause()\nprint(3)",
            Verdict::Ac,
        ),
        (
            "import os\nos.chmod('/tmp', 0); open('/dev/shm/x', 'wb').write(bytes(9 << 20))\nprint(4)",
            Verdict::Wa,
        ),
        ("x = bytearray(400 << 20)\nprint(3)", Verdict::Mle),
        ("raise SystemExit(1)", Verdict::Rte),
    ];
    let (shared, alone) = (rig(|_| {}).await, rig(|config| config.sandbox.uses = 1).await);
    for _ in 0..repeats().div_ceil(3) {
        for (source, verdict) in PROGRAMS {
            let submission = tests(&Program::python(source), &[("1 2", "3")]);
            let (shared, alone) = (shared.judge(&submission).await, alone.judge(&submission).await);
            assert_eq!(
                (shared.verdict, alone.verdict),
                (verdict, verdict),
                "{source}: {shared:#?} {alone:#?}"
            );
            let memory = |result: &JudgeResult| result.memory_bytes.unwrap();
            let (shared, alone) = (memory(&shared), memory(&alone));
            // How much of its daemons a program sees begin is a matter of moments.
            let most = alone / 20 + 4 * MIB;
            assert!(shared.abs_diff(alone) <= most, "{source}: {shared} shared, {alone} alone");
        }
    }
    let created = |rig: &Rig| rig.measured("gavel_sandbox_create_seconds_count", &[]);
    assert!(created(&shared) < created(&alone), "{} and {}", created(&shared), created(&alone));
}
