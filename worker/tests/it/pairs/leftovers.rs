//! What one test or pass of an interactive problem leaves must not reach the next, nor keep it from being judged.

use std::collections::HashSet;
use std::time::Duration;

use gavel_model::Verdict;
use gavel_worker::container::LABEL_WORKER;
use gavel_worker::judge::Findings;
use test_case::test_case;

use crate::packaged::{judge, judge_on, verdicts};
use crate::rig::Rig;

/// In C: waits until somebody with more rights has left something in the sandbox that cannot be wiped.
const STAY: &str = r#"
#include <stdio.h>
#include <string.h>
#include <unistd.h>
static void stay(void) {
    for (char line[256];; usleep(2000)) {
        FILE* sockets = fopen("/proc/net/unix", "r");
        while (fgets(line, sizeof line, sockets)) if (strstr(line, "@locked")) return;
        fclose(sockets);
    }
}
"#;

/// What is left: a socket of a process that the runner has no right to kill.
const LOCK: &str = "socket S, 1, 1, 0; bind S, pack('Sa*', 1, qq(\\0locked)) or die; sleep 1000";

/// Judges while somebody leaves something in every sandbox.
async fn judge_locked(
    yaml: &str,
    tests: usize,
    validator: (&str, &str),
    language: &str,
    source: &str,
) -> Findings {
    let rig = Rig::with(|config| config.worker.slots = 1).await;
    let tests = vec![("", ""); tests];
    tokio::select! {
        findings = judge_on(&rig, yaml, &tests, validator, language, source) => findings,
        never = lock_all(&rig.config.worker.id) => match never {},
    }
}

async fn lock_all(worker: &str) -> std::convert::Infallible {
    let filter = format!("label={LABEL_WORKER}={worker}");
    let mut locked = HashSet::new();
    loop {
        let listed = docker(&["ps", "--quiet", "--no-trunc", "--filter", &filter]).await;
        for id in listed.lines() {
            if locked.insert(id.to_owned()) {
                // One that is just ending cannot be entered.
                docker(&["exec", "--detach", "--user", "0", id, "/usr/bin/perl", "-e", LOCK]).await;
            }
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn docker(args: &[&str]) -> String {
    let output = tokio::process::Command::new("docker").args(args).output().await.unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// Wants "ok".
const JUDGE: &str =
    "import sys\nprint('hi', flush=True)\nsys.exit(42 if sys.stdin.readline() == 'ok\\n' else 43)\n";

#[tokio::test]
async fn a_program_whose_sandbox_cannot_be_wiped_gets_a_new_one() {
    let program = format!("{STAY}\n#include <stdio.h>\nint main() {{ stay(); puts(\"ok\"); }}");
    let findings = judge_locked("type: interactive", 4, ("v.py", JUDGE), "c", &program).await;
    assert_eq!(verdicts(&findings), [Verdict::Ac; 4], "{:?}", findings.tests);
}

#[tokio::test]
async fn an_interactor_whose_sandbox_cannot_be_wiped_gets_a_new_one() {
    let interactor =
        format!("{STAY}\n#include <stdio.h>\nint main() {{ stay(); return getchar() == 'o' ? 42 : 43; }}");
    let findings =
        judge_locked("type: interactive", 3, ("v.c", &interactor), "python", "print('ok')\n").await;
    assert_eq!(verdicts(&findings), [Verdict::Ac; 3], "{:?}", findings.tests);
}

#[tokio::test]
async fn a_checker_whose_sandbox_cannot_be_wiped_gets_a_new_one() {
    let checker =
        format!("{STAY}\n#include <stdio.h>\nint main() {{ stay(); return getchar() == 'o' ? 42 : 43; }}");
    let findings = judge_locked("type: pass-fail", 3, ("v.c", &checker), "python", "print('ok')\n").await;
    assert_eq!(verdicts(&findings), [Verdict::Ac; 3], "{:?}", findings.tests);
}

#[tokio::test]
async fn a_new_sandbox_between_two_passes_does_not_make_the_interactor_forget() {
    // Accepts the second pass only if what the first one left in the feedback folder is still there.
    let interactor = "import os, sys\nseen = sys.argv[3] + 'seen'\nok = sys.stdin.readline() == 'ok\\n'\n\
        if os.path.exists(seen): sys.exit(42 if ok else 43)\n\
        open(seen, 'w').close(); open(sys.argv[3] + 'nextpass.in', 'w').close()\nsys.exit(42)\n";
    let program = format!("{STAY}\n#include <stdio.h>\nint main() {{ stay(); puts(\"ok\"); }}");
    let yaml = "  validation_passes: 2\ntype: [interactive, multi-pass]";
    let findings = judge_locked(yaml, 2, ("v.py", interactor), "c", &program).await;
    assert_eq!(verdicts(&findings), [Verdict::Ac; 2], "{:?}", findings.tests);
}

#[test_case("/app/pipes/left")]
#[test_case("/app/work/left")]
#[test_case("/tmp/left")]
#[test_case("/tmp/feedback/left")]
#[test_case("/dev/shm/left")]
#[tokio::test]
async fn what_an_interactor_leaves_is_gone_in_the_next_test(place: &str) {
    let interactor = format!(
        "import os, sys\nleft = '{place}'\nif os.path.exists(left): sys.exit(43)\n\
         os.mkdir(left); open(left + '/x', 'w').close(); os.chmod(left, 0o500)\n\
         if os.fork() == 0:\n  os.setsid()\n  while True: pass\nsys.exit(42)\n"
    );
    let findings =
        judge("type: interactive", 3, ("v.py", &interactor), "c", "int main() { return 0; }").await;
    assert_eq!(verdicts(&findings), [Verdict::Ac; 3], "{:?}", findings.tests);
}

#[tokio::test]
async fn a_program_can_make_nothing_on_the_volume() {
    let program = "import os, socket\nok = os.listdir('/app/pipes') == []\n\
        for attempt in (lambda: open('/app/pipes/x', 'w'), lambda: os.mkfifo('/app/pipes/x'), lambda: os.mkdir('/app/pipes/x'),\n\
            lambda: os.symlink('/', '/app/pipes/x'), lambda: os.utime('/app/pipes'), lambda: os.chmod('/app/pipes', 0),\n\
            lambda: os.setxattr('/app/pipes', 'user.x', b'x'), lambda: socket.socket(socket.AF_UNIX).bind('/app/pipes/x')):\n\
        \x20   try: attempt(); ok = False\n    except OSError: pass\n\
        print('ok' if ok else 'no')\n";
    let findings = judge("type: interactive", 2, ("v.py", JUDGE), "python", program).await;
    assert_eq!(verdicts(&findings), [Verdict::Ac; 2], "{:?}", findings.tests);
}

#[tokio::test]
async fn points_for_a_program_that_fails_are_no_breach_of_the_rules() {
    let interactor =
        "import sys\nsys.stdin.readline()\nopen(sys.argv[3] + 'score.txt', 'w').write('5')\nsys.exit(42)\n";
    let program = "print('ok', flush=True)\nraise SystemExit(1)\n";
    let findings = judge("type: [interactive, scoring]", 2, ("v.py", interactor), "python", program).await;
    assert_eq!(verdicts(&findings), [Verdict::Rte; 2], "{:?}", findings.tests);
    assert_eq!(findings.graded.verdict, Verdict::Rte, "{:?}", findings.graded);
}
