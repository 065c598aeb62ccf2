//! Hostile source code: the compile step is attacked with the same means as the run, and first.

use gavel_model::{CompileReport, LimitHit, Limits, Verdict};
use gavel_runner::Root;
use gavel_worker::container::Purpose;
use gavel_worker::sandbox::{Input, Job, SandboxError, Sink};
use test_case::test_case;

use crate::attacks::assert_judges_on;
use crate::rig::{Program, Rig};

const MIB: f64 = 1024.0 * 1024.0;

/// A rig whose compilers get little, so that what runs into a limit does it soon.
async fn strict() -> Rig {
    Rig::with(|config| {
        config.sandbox.compile.cpu_ms = 4_000;
        config.sandbox.compile.wall_ms = 8_000;
        config.sandbox.compile.memory_mb = 384;
        config.sandbox.compile_tmp_mb = 128;
    })
    .await
}

/// Judges what must not compile, and gives the compiler's report; the next program must be fine.
async fn refused(rig: &Rig, language: &str, source: &str) -> CompileReport {
    let result = rig.judge(&Program::new(language, source).submission()).await;
    assert_eq!(result.verdict, Verdict::Ce, "{result:#?}");
    assert!(result.tests.is_empty());
    let report = result.compile.unwrap();
    assert!(report.wall_ms < 9_000.0, "late: {report:?}");
    let most = rig.config.worker.show_compile_kb * 1024 + 200;
    assert!(report.output.len() as u64 <= most, "{} bytes of diagnostics", report.output.len());
    assert_judges_on(rig).await;
    report
}

#[test_case("/dev/zero"; "zero")]
#[test_case("/dev/random"; "random")]
#[test_case("/dev/urandom"; "urandom")]
#[test_case("/dev/tty"; "tty")]
#[test_case("/proc/self/fd/2"; "its own stderr")]
#[test_case("/proc/kcore"; "kcore")]
#[tokio::test]
async fn including_what_never_ends_is_ce_in_time(path: &str) {
    refused(&strict().await, "c", &format!("#include \"{path}\"\nint main(){{}}\n")).await;
}

/// Files that a compiler may read are the image's own and name nobody: neither this machine nor its worker.
#[test_case("/etc/passwd"; "passwd")]
#[test_case("/proc/self/environ"; "environ")]
#[test_case("/proc/1/cmdline"; "cmdline of the runner")]
#[test_case("/gavel-runner"; "the runner itself")]
#[test_case("/etc/hostname"; "hostname")]
#[test_case("/etc/hosts"; "hosts")]
#[tokio::test]
async fn including_a_file_of_the_system_tells_nothing_of_the_machine(path: &str) {
    let rig = strict().await;
    let report = refused(&rig, "c", &format!("#include \"{path}\"\nint main(){{return 0}}\n")).await;
    let text = report.output;
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap();
    for secret in [rig.config.worker.id.as_str(), host.trim(), "GAVEL", "amqp"] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
}

/// Refused as a whole: a line of the file in a message, such as `root:*`, would be a leak whatever it says.
#[test_case("/etc/shadow"; "shadow")]
#[test_case("/proc/1/environ"; "environ of the runner")]
#[tokio::test]
async fn including_a_file_that_is_closed_shows_no_line_of_it(path: &str) {
    let report =
        refused(&strict().await, "c", &format!("#include \"{path}\"\nint main(){{return 0;}}\n")).await;
    let text = report.output;
    assert!(text.contains(&format!("fatal error: {path}: Permission denied")), "{text}");
    // The compiler quotes the line that includes, under its number, and none other.
    let quoted: Vec<&str> =
        text.lines().filter_map(|line| line.split_once(" | ")).map(|(_, it)| it).collect();
    let ours = |line: &&str| line.contains("#include") || line.trim_matches([' ', '^', '~']).is_empty();
    assert!(quoted.iter().all(ours), "{quoted:?}");
}

#[test_case("rust", "fn main(){ print!(\"{}\", include_str!(\"/etc/shadow\")); }"; "rust")]
#[test_case("rust", "fn main(){ print!(\"{}\", env!(\"GAVEL__BROKER__URL\")); }"; "rust environment")]
#[test_case("go", "package main\nimport _ \"embed\"\n//go:embed /etc/passwd\nvar s string\nfunc main(){ print(s) }"; "go embed")]
#[test_case("go", "package main\n// #cgo LDFLAGS: -fplugin=/tmp/x.so\n// #include <stdlib.h>\nimport \"C\"\nfunc main(){ C.abort() }"; "cgo")]
#[test_case("c", "__asm__(\".incbin \\\"/etc/shadow\\\"\"); int main(){}"; "incbin")]
#[tokio::test]
async fn other_ways_to_read_at_compile_time_are_refused(language: &str, source: &str) {
    let result = Rig::new().await.judge(&Program::new(language, source).submission()).await;
    assert_eq!(result.verdict, Verdict::Ce, "{result:#?}");
}

#[test_case("char x[1<<30]={1}; int main(){}"; "a gibibyte")]
#[test_case("main[-1u]={1};"; "sixteen gibibytes")]
#[tokio::test]
async fn a_giant_executable_is_ce(source: &str) {
    let rig = strict().await;
    refused(&rig, "c", source).await;
}

#[tokio::test]
async fn an_executable_over_the_artifact_limit_is_ce() {
    let rig = Rig::with(|config| config.sandbox.compile.artifact_mb = 16).await;
    let report = refused(&rig, "c", "char x[20<<20]={1}; int main(){}").await;
    assert!(report.output.contains("cannot be used"), "{report:?}");
}

/// The largest artifact there may be still has to be judged: it is the user's program, and no fault of ours.
#[tokio::test]
async fn an_executable_just_under_the_artifact_limit_is_judged() {
    let rig = Rig::new().await;
    let source = "char x[62<<20]={1}; int main(){}";
    let result = rig.judge(&Program::c(source).submission()).await;
    assert_eq!(result.verdict, Verdict::Ac, "{result:#?}");
}

#[tokio::test]
async fn an_explosion_of_messages_is_ce_and_cut() {
    let source = "#if __INCLUDE_LEVEL__ < 100\n#warning \"boom boom boom boom boom boom boom boom boom boom\"\n#include __FILE__\n#include __FILE__\n#endif\n#if !__INCLUDE_LEVEL__\nint main(){}\n#endif\n";
    let rig = strict().await;
    let report = refused(&rig, "c", source).await;
    assert!(report.truncated, "{report:?}");
    assert!(report.output.contains("boom"));
    assert!(matches!(report.limit, Some(LimitHit::Output | LimitHit::Stderr)), "{report:?}");
}

#[tokio::test]
async fn the_one_line_error_explosion_is_ce() {
    let source = "struct x struct z<x(x(x(x(x(x(x(x(x(x(x(x(x(x(x(x(x(y,x(y><y*,x(y*w>v<y*,w,x{}";
    refused(&strict().await, "cpp", source).await;
}

#[tokio::test]
async fn a_bomb_of_templates_is_ce_by_a_limit() {
    let source = "template<long D,long I> struct X{ static const long v=X<D-1,2*I>::v+X<D-1,2*I+1>::v; };\ntemplate<long I> struct X<0,I>{ static const long v=I; };\nint main(){ return X<30,1>::v; }\n";
    let report = refused(&strict().await, "cpp", source).await;
    assert!(matches!(report.limit, Some(LimitHit::Cpu | LimitHit::Memory | LimitHit::Wall)), "{report:?}");
}

#[tokio::test]
async fn a_bomb_of_constants_is_ce_by_a_limit() {
    let source = "constexpr long f(long n){ return n<2 ? 1 : f(n-1)+f(n-2)+n; }\nconstexpr long v=f(60); int main(){ return v; }\n";
    let report = refused(&strict().await, "cpp", source).await;
    // The compiler has a limit of its own, which it names; ours is there for when it has none.
    let named = report.output.contains("operation count exceeds limit");
    assert!(named || report.limit.is_some(), "{report:?}");
}

#[tokio::test]
async fn a_bomb_of_macros_is_ce_by_a_limit() {
    let levels: String = (1..12)
        .map(|level| format!("#define m{level} {}\n", format!("m{} ", level - 1).repeat(10)))
        .collect();
    let source = format!("#define m0 1+\n{levels}int main(){{ return m11 0; }}\n");
    let report = refused(&strict().await, "c", &source).await;
    assert!(report.limit.is_some(), "{:?}", report.limit);
}

#[tokio::test]
async fn an_object_file_as_source_is_ce() {
    let source = "\u{7f}ELF\u{2}\u{1}\u{1}\0\0\0\0\0\0\0\0\0\u{3}\0>\0";
    refused(&strict().await, "c", source).await;
}

struct Quiet;

impl Sink for Quiet {
    fn stdout(&mut self, _: &[u8]) {}
    fn stderr(&mut self, _: &[u8]) {}
}

/// What a compiler that was taken over might leave where its output is fetched from.
#[test_case("ln -s /etc/passwd /tmp/out/main"; "a link to a file")]
#[test_case("ln -s /dev/zero /tmp/out/main"; "a link to a device")]
#[test_case("ln -s / /tmp/out/tree"; "a link to the root")]
#[test_case("mkfifo /tmp/out/main"; "a fifo")]
#[test_case("perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Local => \"/tmp/out/s\", Listen => 1) or die'"; "a socket")]
#[test_case("rm -rf /tmp/out; ln -s /etc /tmp/out"; "its folder is a link")]
#[test_case("truncate -s 200M /tmp/out/main"; "a sparse file")]
#[test_case("cd /tmp/out; for i in $(seq 5000); do : > f$i; done"; "too many files")]
#[test_case("cd /tmp/out; for i in $(seq 40); do mkdir d; cd d; done; echo x > f"; "too deep")]
#[tokio::test]
async fn strange_compiler_output_is_refused_and_nothing_followed(script: &str) {
    let rig = Rig::new().await;
    let mut sandbox = rig.sandbox("c", Purpose::Compile).await;
    let job = Job {
        argv: ["/bin/sh", "-ec", script].map(str::to_owned).into(),
        env: [("PATH".to_owned(), "/usr/bin:/bin".to_owned())].into(),
        cwd: "/tmp",
        stdout: gavel_runner::Stdout::Stream,
        cpu: std::time::Duration::from_secs(10),
        wall: std::time::Duration::from_secs(20),
        memory: u64::MAX,
        stdout_limit: 1 << 20,
        stderr_limit: 1 << 20,
        stderr_forward: 1 << 20,
        stack: 8 << 20,
        address_space: None,
        file: u64::MAX,
        cores: Vec::new(),
    };
    let outcome = sandbox.run(&job, &Input::Empty, &mut Quiet).await.unwrap();
    assert_eq!(outcome.ending, gavel_runner::Ending::Code(0), "the script failed");
    match sandbox.fetch("out", 64 << 20).await {
        Err(SandboxError::FetchRefused { .. }) => {}
        other => panic!("not refused: {other:?}"),
    }
    // The refusal costs the artifact, not the sandbox.
    sandbox.reset().await.unwrap();
    sandbox.put(Root::Tmp, "out/main", 0o755, b"#!/bin/sh\nexit 7\n", false).await.unwrap();
    let job = Job { argv: vec!["/tmp/out/main".to_owned()], ..job };
    let outcome = sandbox.run(&job, &Input::Empty, &mut Quiet).await.unwrap();
    assert_eq!(outcome.ending, gavel_runner::Ending::Code(7));
}

#[tokio::test]
async fn memory_of_a_compiler_is_limited() {
    let rig = strict().await;
    let source = "int a[] = {\n#define x8(y) y y y y y y y y\n#define z 1,2,3,4,5,6,7,8,\nx8(x8(x8(x8(x8(x8(x8(z)))))))\n}; int main(){}\n";
    let result =
        rig.judge(&Program::c(source).limits(Limits { memory_mb: 64, ..Limits::DEFAULT }).submission()).await;
    let report = result.compile.expect("it was compiled");
    assert_eq!(result.verdict, Verdict::Ce, "{report:?}");
    assert!(report.memory_bytes as f64 <= (384.0 + 128.0 + 32.0) * MIB, "{report:?}");
    assert_judges_on(&rig).await;
}
