//! What a program writes is judged whole: every language, by the idioms in use, however the program ends.

use gavel_model::Limits;
use gavel_model::Payload;
use gavel_model::Submission;
use gavel_model::Verdict;
use gavel_model::{JudgeResult, LimitHit};
use gavel_model::{TestCase, Work};
use test_case::test_case;

use crate::rig::{Program, Rig, stdout};

/// Sizes that pass the buffers on the way: of a pipe, of a runtime, of a frame.
const SIZES: [usize; 3] = [200_000, 2_000_000, 20_000_000];
const ENDS: [&str; 3] = ["exit", "abort", "kill"];

fn roomy() -> Limits {
    Limits { cpu_ms: 20_000, wall_ms: 41_000, output_kb: 64 * 1024, ..Limits::DEFAULT }
}

/// A test for each size and end: the program reads both, writes so many `x` and ends so.
fn sizes_and_ends(program: &Program<'_>, sizes: &[usize], ends: &[&str]) -> Submission {
    let tests = sizes.iter().flat_map(|size| {
        ends.iter().map(move |end| TestCase {
            name: format!("{size} {end}"),
            input: Payload::Text(format!("{size} {end}\n")),
            // Only a run that ends well is compared.
            answer: Payload::Text("x".repeat(if *end == "exit" { *size } else { 0 })),
        })
    });
    let work = Work::Tests {
        tests: tests.collect(),
        checker: Default::default(),
        all_tests: true,
        file_io: Default::default(),
    };
    Submission { work, ..program.submission() }
}

fn assert_all_complete(result: &JudgeResult, stream: &str) {
    assert!(result.tests.len() > 1, "{result:#?}");
    for test in &result.tests {
        let (size, end) = test.name.split_once(' ').unwrap();
        let written = if stream == "stderr" { &test.stderr } else { &test.stdout };
        assert_eq!(written.as_ref().unwrap().bytes.to_string(), size, "{test:?}");
        let want = match end {
            "exit" => (Verdict::Ac, None),
            "abort" => (Verdict::Rte, Some(6)),
            _ => (Verdict::Rte, Some(9)),
        };
        assert_eq!((test.verdict, test.signal), want, "{}: {:?}", test.name, test.checker_message);
    }
}

const C: &str = r#"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
int main(void){ long n; char end[9]; if(scanf("%ld %8s",&n,end)!=2) return 1;
  char *s=malloc(n); memset(s,'x',n); fwrite(s,1,n,stdout); fflush(stdout);
  if(!strcmp(end,"abort")) abort(); if(!strcmp(end,"kill")) kill(getpid(),SIGKILL); _exit(0); }
"#;

/// One call of write(2), whose count nobody looks at, on a descriptor that was made non-blocking.
const C_WRITE: &str = r#"
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
int main(void){ long n; char end[9]; if(scanf("%ld %8s",&n,end)!=2) return 1;
  int on=1; if(ioctl(1,FIONBIO,&on)||fcntl(1,F_SETFL,O_NONBLOCK)) return 2;
  char *s=malloc(n); memset(s,'x',n); if(write(1,s,n)<0) return 3;
  if(!strcmp(end,"abort")) abort(); if(!strcmp(end,"kill")) kill(getpid(),SIGKILL); _exit(0); }
"#;

const CPP: &str = r#"
#include <bits/stdc++.h>
#include <csignal>
int main(){ std::ios::sync_with_stdio(false); long n; std::string end; std::cin>>n>>end;
  for(long i=0;i<n;i+=100) std::cout<<std::string(100,'x'); std::cout.flush();
  if(end=="abort") std::abort(); if(end=="kill") std::raise(SIGKILL); std::quick_exit(0); }
"#;

const GO: &str = r#"
package main
import ("bufio";"fmt";"os";"os/signal";"strings";"syscall")
func main(){ var n int; var end string; fmt.Scan(&n,&end)
  w:=bufio.NewWriter(os.Stdout); w.WriteString(strings.Repeat("x",n/2)); w.Flush()
  fmt.Print(strings.Repeat("x",n-n/2))
  if end=="abort" { signal.Reset(syscall.SIGABRT); syscall.Setrlimit(4,&syscall.Rlimit{}); raise(6) }
  if end=="kill" { raise(9) }
  os.Exit(0) }
func raise(s int){ p,_:=os.FindProcess(os.Getpid()); if s==6 { syscall.Exec("/bin/sh",[]string{"sh","-c","kill -ABRT $$"},nil) }; p.Signal(syscall.Signal(s)); select{} }
"#;

const RUST: &str = r#"
use std::io::{Read, Write};
fn main() { let mut s = String::new(); std::io::stdin().read_to_string(&mut s).unwrap();
  let (n, end) = s.trim().split_once(' ').unwrap(); let n: usize = n.parse().unwrap();
  let mut out = std::io::stdout().lock(); for _ in 0..n / 1000 { out.write_all(&[b'x'; 1000]).unwrap(); } out.flush().unwrap();
  match end { "abort" => std::process::abort(),
    "kill" => { std::process::Command::new("/bin/sh").args(["-c", "kill -9 $PPID"]).status().unwrap(); }
    _ => std::process::exit(0) } }
"#;

const JAVA: &str = r#"
import java.util.Scanner;
public class Main { public static void main(String[] a) throws Exception {
  Scanner in = new Scanner(System.in); int n = in.nextInt(); String end = in.next();
  System.out.print("x".repeat(n)); System.out.flush();
  if (end.equals("exit")) Runtime.getRuntime().halt(0);
  String signal = end.equals("abort") ? "ABRT" : "KILL";
  new ProcessBuilder("/bin/sh", "-c", "kill -" + signal + " " + ProcessHandle.current().pid()).start().waitFor();
  Thread.sleep(60000); } }
"#;

const PYTHON: &str = r#"
import os, signal, sys
n, end = input().split()
sys.stdout.write('x' * int(n))
sys.stdout.flush()
if end == 'abort': os.abort()
if end == 'kill': os.kill(os.getpid(), signal.SIGKILL)
os._exit(0)
"#;

#[test_case("c", C; "c")]
#[test_case("c", C_WRITE; "c by one write to a non blocking descriptor")]
#[test_case("cpp", CPP; "cpp")]
#[test_case("go", GO; "go")]
#[test_case("rust", RUST; "rust")]
#[test_case("java", JAVA; "java")]
#[test_case("python", PYTHON; "python")]
#[tokio::test]
async fn what_was_written_arrives_in(language: &str, source: &str) {
    let program = Program::new(language, source).limits(roomy());
    let result = Rig::new().await.judge(&sizes_and_ends(&program, &SIZES, &ENDS)).await;
    assert_all_complete(&result, "stdout");
}

const NODE: &str = r#"
const fs = require('fs');
const [n, end] = fs.readFileSync(0, 'utf8').trim().split(' ');
const s = 'x'.repeat(+n);
IDIOM
if (end === 'abort') process.abort();
if (end === 'kill') process.kill(process.pid, 'SIGKILL');
process.exit(0);
"#;

/// Node makes its outputs non-blocking and keeps what they do not take: `process.exit()` would throw it away.
#[test_case("console.log(s)", "stdout"; "console log")]
#[test_case("process.stdout.write(s)", "stdout"; "stdout write")]
#[test_case("for (let i = 0; i < +n; i += 100) process.stdout.write('x'.repeat(100))", "stdout"; "many writes")]
#[test_case("process.stdout.write('x'); fs.writeSync(1, s.slice(1))", "stdout"; "write sync after it is non blocking")]
#[test_case("process.stdout.write('x'); fs.writeFileSync('/dev/stdout', s.slice(1))", "stdout"; "dev stdout")]
#[test_case("process.stdout.write(s); process.stdout.end()", "stdout"; "stdout end")]
#[test_case("console.log(s); process.stderr.write(s)", "stderr"; "stderr write")]
#[tokio::test]
async fn what_was_written_arrives_in_node_by(idiom: &str, stream: &str) {
    let source = NODE.replace("IDIOM", idiom);
    let program = Program::new("node", &source).limits(roomy());
    let mut submission = sizes_and_ends(&program, &[200_000, 2_000_000, 20_000_000], &["exit", "kill"]);
    submission.limits.memory_mb = 512;
    let mut result = Rig::new().await.judge(&submission).await;
    if idiom.starts_with("console.log") {
        // It ends its line.
        for test in &mut result.tests {
            let written = test.stdout.as_mut().unwrap();
            written.bytes -= 1;
        }
    }
    assert_all_complete(&result, stream);
}

#[test_case(199_999; "just under")]
#[test_case(200_704; "exactly")]
#[tokio::test]
async fn an_output_within_its_limit_is_accepted(size: usize) {
    let limits = Limits { output_kb: 196, ..roomy() };
    let program = Program::new("node", NODE).limits(limits);
    let source = NODE.replace("IDIOM", "process.stdout.write(s)");
    let program = Program { source: &source, ..program };
    let result = Rig::new().await.judge(&sizes_and_ends(&program, &[size], &["exit"])).await;
    assert_eq!(result.verdict, Verdict::Ac, "{result:#?}");
}

#[tokio::test]
async fn a_byte_more_than_the_limit_is_ole_in_every_size() {
    let source = NODE.replace("IDIOM", "process.stdout.write(s)");
    let program = Program::new("node", &source).limits(Limits { output_kb: 196, ..roomy() });
    let result = Rig::new().await.judge(&sizes_and_ends(&program, &[200_705, 20_000_000], &["exit"])).await;
    for test in &result.tests {
        assert_eq!((test.verdict, test.limit), (Verdict::Ole, Some(LimitHit::Output)), "{test:?}");
    }
}

/// Debug text is no output: it has a limit of its own, far away.
#[test_case(60_000; "more than the limit of the output")]
#[test_case(3_000_000; "more than is shown")]
#[test_case(40_000_000; "much")]
#[tokio::test]
async fn debug_text_beside_a_right_output_is_accepted(bytes: usize) {
    let source = format!(
        "#include <stdio.h>\nint main(void){{for(int i=0;i<{bytes}/1000;i++)fprintf(stderr,\"%0999d\\n\",i);puts(\"42\");}}"
    );
    let limits = Limits { output_kb: 16, ..roomy() };
    let report = Rig::new().await.run(Program::c(&source).limits(limits)).await;
    assert_eq!((report.verdict, report.limit), (Verdict::Ac, None), "{report:?}");
    let said = report.stderr.as_ref().unwrap();
    assert_eq!(
        (said.bytes, said.truncated),
        (bytes as u64, bytes > 65_536),
        "all is counted, the first part shown"
    );
    assert_eq!(said.data.len(), bytes.min(65_536));
    assert_eq!(stdout(&report), "42\n");
}

#[tokio::test]
async fn a_flood_of_debug_text_is_ole() {
    let source = "#include <stdio.h>\nint main(void){static char b[65536];for(int i=0;i<1025;i++)fwrite(b,1,sizeof b,stderr);puts(\"42\");}";
    let report = Rig::new().await.run(Program::c(source).limits(roomy())).await;
    assert_eq!((report.verdict, report.limit), (Verdict::Ole, Some(LimitHit::Stderr)), "{report:?}");
}

/// As `2>&1` would: in the order in which both were written, and the end of the program is its own.
#[test_case("python", "import os\nos.write(1, b'a'); os.write(2, b'b'); os.write(1, b'c')\nos.kill(os.getpid(), 11)"; "an interpreter")]
#[test_case("c", "#include <unistd.h>\n#include <signal.h>\nint main(void) { write(1, \"a\", 1); write(2, \"b\", 1); write(1, \"c\", 1); raise(SIGSEGV); }"; "a compiled program")]
#[tokio::test]
async fn both_outputs_are_one_where_that_is_asked_for(language: &str, source: &str) {
    let rig = Rig::new().await;
    let program = Program::new(language, source);
    let with = |stderr_to_stdout| {
        let mut submission = program.submission();
        let Work::Run { file_io, .. } = &mut submission.work else { panic!("no run") };
        file_io.stderr_to_stdout = stderr_to_stdout;
        submission
    };
    for (together, out, err) in [(true, "abc", ""), (false, "ac", "b")] {
        let result = rig.judge(&with(together)).await;
        let test = &result.tests[0];
        let text = |captured: &Option<gavel_model::Captured>| {
            captured.as_ref().map_or("", |text| &text.data).to_owned()
        };
        assert_eq!((result.verdict, test.signal), (Verdict::Rte, Some(11)), "{result:#?}");
        assert_eq!((text(&test.stdout).as_str(), text(&test.stderr).as_str()), (out, err), "{together}");
    }
}
