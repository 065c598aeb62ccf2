//! What one test or pass of an interactive problem leaves must not reach the next, nor keep it from being judged.

use gavel_model::Verdict;
use test_case::test_case;

use crate::packaged::{judge, verdicts};

/// Puts a default access list without rights on `/tmp`: what is made below it cannot be removed by its owner.
const LOCK: &str = r#"
#include <sys/xattr.h>
static void lock(void) {
    unsigned char list[4 + 3 * 8] = {2,0,0,0, 1,0,0,0,255,255,255,255, 4,0,0,0,255,255,255,255, 32,0,0,0,255,255,255,255};
    setxattr("/tmp", "system.posix_acl_default", list, sizeof list, 0);
}
"#;

/// Wants "ok".
const JUDGE: &str =
    "import sys\nprint('hi', flush=True)\nsys.exit(42 if sys.stdin.readline() == 'ok\\n' else 43)\n";

#[tokio::test]
async fn a_program_whose_sandbox_cannot_be_wiped_gets_a_new_one() {
    let program = format!("{LOCK}\n#include <stdio.h>\nint main() {{ lock(); puts(\"ok\"); }}");
    let findings = judge("type: interactive", 4, ("v.py", JUDGE), "c", &program).await;
    assert_eq!(verdicts(&findings), [Verdict::Ac; 4], "{:?}", findings.tests);
}

#[tokio::test]
async fn an_interactor_whose_sandbox_cannot_be_wiped_gets_a_new_one() {
    let interactor =
        format!("{LOCK}\n#include <stdio.h>\nint main() {{ lock(); return getchar() == 'o' ? 42 : 43; }}");
    let findings = judge("type: interactive", 3, ("v.c", &interactor), "python", "print('ok')\n").await;
    assert_eq!(verdicts(&findings), [Verdict::Ac; 3], "{:?}", findings.tests);
}

#[tokio::test]
async fn a_checker_whose_sandbox_cannot_be_wiped_gets_a_new_one() {
    let checker =
        format!("{LOCK}\n#include <stdio.h>\nint main() {{ lock(); return getchar() == 'o' ? 42 : 43; }}");
    let findings = judge("type: pass-fail", 3, ("v.c", &checker), "python", "print('ok')\n").await;
    assert_eq!(verdicts(&findings), [Verdict::Ac; 3], "{:?}", findings.tests);
}

#[tokio::test]
async fn a_new_sandbox_between_two_passes_does_not_make_the_interactor_forget() {
    // Accepts the second pass only if what the first one left in the feedback folder is still there.
    let interactor = "import os, sys\nseen = sys.argv[3] + 'seen'\nok = sys.stdin.readline() == 'ok\\n'\n\
        if os.path.exists(seen): sys.exit(42 if ok else 43)\n\
        open(seen, 'w').close(); open(sys.argv[3] + 'nextpass.in', 'w').close()\nsys.exit(42)\n";
    let program = format!("{LOCK}\n#include <stdio.h>\nint main() {{ lock(); puts(\"ok\"); }}");
    let yaml = "  validation_passes: 2\ntype: [interactive, multi-pass]";
    let findings = judge(yaml, 2, ("v.py", interactor), "c", &program).await;
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
