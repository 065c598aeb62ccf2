//! What a program writes without end, to an interactor or for a checker to quote, is its own fault and never a judge
//! error.

use gavel_model::{LimitHit, TestReport, Verdict};
use test_case::test_case;

use crate::packaged::judge;

/// Prints for ever, without a line's end.
const ENDLESS: &str = "import os\nwhile True: os.write(1, b'x' * 65536)\n";

const PAIR: &str = "  validation_memory: 64\n  memory: 128\ntype: interactive";

async fn first(yaml: &str, validator: (&str, &str), source: &str) -> TestReport {
    judge(yaml, 1, validator, "python", source).await.tests.remove(0)
}

#[test_case("v.py", "import sys\nsys.stdin.readline()\nsys.exit(43)\n"; "python remembers all it is told")]
#[test_case("v.cpp", "#include <iostream>\n#include <string>\nint main() { std::string all; std::getline(std::cin, all); return 43; }"; "so does cpp")]
#[test_case("v.js", "require('fs').readFileSync(0); process.exit(43)"; "and node")]
#[test_case("v.py", "import os, sys\nlog = open(sys.argv[3] + 'log', 'wb', 0)\nwhile log.write(os.read(0, 65536)): pass\n"; "all of it is written into the feedback folder")]
#[test_case("v.py", "import os\nwhile os.write(2, os.read(0, 65536)): pass\n"; "or quoted")]
#[test_case("v.py", "import os, sys\ntold = 0\nwhile told < 100 << 20: told += len(os.read(0, 65536))\nassert False\n"; "or the interactor loses its patience")]
#[tokio::test]
async fn an_interactor_that_drowns_is_the_programs_fault(name: &str, interactor: &str) {
    let test = first(PAIR, (name, interactor), ENDLESS).await;
    assert_eq!((test.verdict, test.limit), (Verdict::Ole, Some(LimitHit::Output)), "{test:?}");
    let said = test.checker_message.unwrap();
    assert!(said.contains("more than its output limit"), "{said}");
}

#[test_case("import sys\nall = [bytes(1 << 20) for _ in range(200)]\n"; "memory")]
#[test_case("import os\nwhile os.write(2, b'x' * 65536): pass\n"; "messages")]
#[test_case("import sys\nsys.stdin.readline()\nassert False\n"; "an exception")]
#[tokio::test]
async fn an_interactor_that_fails_by_itself_is_a_judge_error(interactor: &str) {
    let test = first(PAIR, ("v.py", interactor), "print('hello', flush=True)\ninput()\n").await;
    assert_eq!(test.verdict, Verdict::Je, "{test:?}");
}

#[test_case("v.py", "import os, sys\ntold = 0\nwhile told < 30 << 20: told += len(os.read(0, 65536))\nsys.exit(42)\n", Verdict::Ac; "accepted")]
#[test_case("v.py", "import os, sys\ntold = 0\nwhile told < 30 << 20: told += len(os.read(0, 65536))\nsys.exit(43)\n", Verdict::Wa; "rejected")]
#[tokio::test]
async fn a_long_talk_that_the_interactor_bears_is_judged_by_it(
    name: &str,
    interactor: &str,
    verdict: Verdict,
) {
    let program = "import os\nfor _ in range(480): os.write(1, b'x' * 65536)\n";
    assert_eq!(first(PAIR, (name, interactor), program).await.verdict, verdict);
}

/// A checker that quotes the whole output, which may be as long as the limit allows, and as ugly.
#[test_case("sys.stderr.buffer.write(all)"; "on standard error")]
#[test_case("sys.stdout.buffer.write(all + all)"; "on standard output, twice")]
#[test_case("open(sys.argv[3] + 'judgemessage.txt', 'wb').write(all)"; "to the judges")]
#[test_case("open(sys.argv[3] + 'teammessage.txt', 'wb').write(all)"; "to the team")]
#[tokio::test]
async fn a_checker_may_quote_the_whole_output(quote: &str) {
    let checker = format!("import sys\nall = sys.stdin.buffer.read()\n{quote}\nsys.exit(43)\n");
    for piece in [r"\x01", r"\xff", r"\0\n"] {
        let program = format!("import os\nfor _ in range(127): os.write(1, b'{piece}' * 32768)\n");
        let test = first("  validation_output: 1\ntype: pass-fail", ("v.py", &checker), &program).await;
        assert_eq!(test.verdict, Verdict::Wa, "{test:?}");
        let said = test.checker_message.map_or(0, |message| message.len());
        let told = test.team_message.map_or(0, |message| message.len());
        assert!(said <= 64 << 10 && told <= 64 << 10, "{said} and {told} bytes");
    }
}

#[test_case("for n in range(5000): open(f + str(n), 'w').close()"; "thousands of files")]
#[test_case("os.mkfifo(f + 'judgemessage.txt')"; "a fifo")]
#[test_case("os.symlink('/etc/passwd', f + 'judgemessage.txt')"; "a link")]
#[test_case("import socket; socket.socket(socket.AF_UNIX).bind(f + 'x')"; "a socket")]
#[test_case("open(os.fsencode(f) + bytes([255, 10, 1]), 'w').close()"; "a name that is not text")]
#[test_case("os.chmod(f, 0)"; "a folder nobody may read")]
#[test_case("open(f + 'score.txt', 'wb').write(bytes([255, 1]) * 100000)"; "points that are bytes")]
#[tokio::test]
async fn a_feedback_folder_that_cannot_be_used_is_the_packages_fault_and_named(what: &str) {
    let checker = format!("import os, sys\nf = sys.argv[3]\n{what}\nsys.exit(42)\n");
    let findings = judge("type: scoring", 1, ("v.py", &checker), "python", "print('ok')\n").await;
    assert_eq!(findings.tests[0].verdict, Verdict::Je, "{:?}", findings.tests);
    let error = findings.graded.error.unwrap();
    assert!(error.starts_with("test secret/0: output validator "), "{error}");
    assert!(error.len() < 1_000 && !error.contains("root:"), "{error}");
}

#[test_case("for n in range(3000): open(f + str(n), 'w').close()"; "many files")]
#[test_case("open(f + 'x' * 255, 'w').close()"; "a long name")]
#[test_case("p = f\nfor n in range(12): p += 'd' * 200 + '/'; os.mkdir(p)"; "a deep tree")]
#[tokio::test]
async fn what_is_odd_in_a_feedback_folder_does_no_harm(what: &str) {
    let checker = format!(
        "import os, sys\nf = sys.argv[3]\nopen(f + 'judgemessage.txt', 'wb').write(b'no \\xff\\x00\\x1b[31m')\n{what}\nsys.exit(43)\n"
    );
    let test = first("type: pass-fail", ("v.py", &checker), "print('ok')\n").await;
    assert_eq!(
        (test.verdict, test.checker_message.as_deref()),
        (Verdict::Wa, Some("no \u{fffd}\0\u{1b}[31m")),
        "{test:?}"
    );
}
