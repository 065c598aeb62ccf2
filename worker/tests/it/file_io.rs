//! Files in place of standard input and output.

use gavel_model::{FileIo, LimitHit, Limits, Payload, Submission, TestCase, Verdict, Work};
use test_case::test_case;

use crate::rig::{Program, Rig, stdout};

const MIB: usize = 1024 * 1024;

fn files(input: Option<&str>, output: Option<&str>) -> FileIo {
    let file = |name: Option<&str>| name.map(|name| name.to_owned().try_into().unwrap());
    FileIo { input_file: file(input), output_file: file(output), ..FileIo::default() }
}

fn both() -> FileIo {
    files(Some("input.txt"), Some("output.txt"))
}

/// These tests, all of them, by files.
fn tested(program: &Program<'_>, tests: &[(&str, &str)], file_io: FileIo) -> Submission {
    let test = |(index, (input, answer)): (usize, &(&str, &str))| TestCase {
        name: (index + 1).to_string(),
        input: Payload::Text((*input).to_owned()),
        answer: Payload::Text((*answer).to_owned()),
    };
    let tests = tests.iter().enumerate().map(test).collect();
    let work = Work::Tests { tests, checker: Default::default(), all_tests: true, file_io };
    Submission { work, ..program.submission() }
}

/// One run whose output is told.
fn run(program: &Program<'_>, file_io: FileIo) -> Submission {
    let mut submission = program.submission();
    if let Work::Run { file_io: of_work, .. } = &mut submission.work {
        *of_work = file_io;
    }
    submission
}

const C: &str = "#include <stdio.h>\nint main(void){long a,b;FILE*i=fopen(\"input.txt\",\"r\"),*o=fopen(\"output.txt\",\"w\");if(fscanf(i,\"%ld %ld\",&a,&b)!=2)return 3;fprintf(o,\"%ld\\n\",a+b);return 0;}";
const CPP: &str = "#include <bits/stdc++.h>\nint main(){freopen(\"input.txt\",\"r\",stdin);freopen(\"output.txt\",\"w\",stdout);long a,b;std::cin>>a>>b;std::cout<<a+b<<'\\n';}";
const GO: &str = "package main\nimport (\"fmt\";\"os\")\nfunc main(){i,_:=os.Open(\"input.txt\");o,_:=os.Create(\"output.txt\");var a,b int;fmt.Fscan(i,&a,&b);fmt.Fprintln(o,a+b)}";
const JAVA: &str = "import java.util.Scanner;import java.io.*;class M{public static void main(String[] x)throws Exception{Scanner s=new Scanner(new File(\"input.txt\"));PrintWriter w=new PrintWriter(\"output.txt\");w.println(s.nextLong()+s.nextLong());w.close();}}";
const NODE: &str = "const fs=require('fs');const [a,b]=fs.readFileSync('input.txt','utf8').split(' ').map(Number);fs.writeFileSync('output.txt',`${a+b}\\n`);";
const PYTHON: &str = "a, b = map(int, open('input.txt').read().split())\nwith open('output.txt', 'w') as out:\n    print(a + b, file=out)\n";
const RUST: &str = "use std::fs;fn main(){let t=fs::read_to_string(\"/app/work/input.txt\").unwrap();let s:i64=t.split_whitespace().map(|w|w.parse::<i64>().unwrap()).sum();fs::write(\"/app/work/output.txt\",format!(\"{s}\\n\")).unwrap();}";

#[test_case("c", C; "c")]
#[test_case("cpp", CPP; "cpp by freopen")]
#[test_case("go", GO; "go")]
#[test_case("java", JAVA; "java")]
#[test_case("node", NODE; "node")]
#[test_case("python", PYTHON; "python")]
#[test_case("rust", RUST; "rust by absolute path")]
#[tokio::test]
async fn a_program_reads_and_writes_files_in(language: &str, source: &str) {
    let tests = [("1 2\n", "3"), ("-5 4\n", "-1"), ("7 7\n", "15")];
    let result = Rig::new().await.judge(&tested(&Program::new(language, source), &tests, both())).await;
    let verdicts: Vec<_> = result.tests.iter().map(|test| test.verdict).collect();
    assert_eq!(verdicts, [Verdict::Ac, Verdict::Ac, Verdict::Wa], "{result:#?}");
}

#[tokio::test]
async fn one_of_the_two_may_be_a_stream() {
    let rig = Rig::new().await;
    let reads = Program::python("import sys\nassert sys.stdin.read() == ''\nprint(open('sum.in').read())");
    let result = rig.judge(&tested(&reads, &[("a", "a")], files(Some("sum.in"), None))).await;
    assert_eq!(result.verdict, Verdict::Ac, "{result:#?}");
    let writes = Program::python("open('sum.out', 'w').write(input())\nprint('debugging')");
    let result = rig.judge(&tested(&writes, &[("a", "a")], files(None, Some("sum.out")))).await;
    assert_eq!(result.verdict, Verdict::Ac, "{result:#?}");
}

#[tokio::test]
async fn a_report_shows_the_file() {
    let program =
        Program::python("print('not this')\nopen('output.txt', 'w').write(open('input.txt').read() * 2)");
    let result = Rig::new().await.judge(&run(&program.stdin("ab"), both())).await;
    assert_eq!((result.verdict, stdout(&result.tests[0]).as_str()), (Verdict::Ac, "abab"), "{result:#?}");
    assert_eq!(result.tests[0].stdout.as_ref().unwrap().bytes, 4);
}

/// What a test wrote is not there for the next one, and neither is what it did to its input.
#[tokio::test]
async fn nothing_is_left_over_for_the_next_test() {
    let source = "import os\nif os.path.exists('output.txt'): raise SystemExit(3)\ntext = open('input.txt').read()\n\
                  os.rename('input.txt', 'kept.txt')\nif text == 'write': open('output.txt', 'w').write('x')\n\
                  os.chmod('.', 0o500)\n";
    let tests = [("write", "x"), ("nothing", "x"), ("write", "x")];
    let result = Rig::new().await.judge(&tested(&Program::python(source), &tests, both())).await;
    let verdicts: Vec<_> = result.tests.iter().map(|test| test.verdict).collect();
    assert_eq!(verdicts, [Verdict::Ac, Verdict::Wa, Verdict::Ac], "{result:#?}");
}

#[test_case("print(3)", "does not exist"; "only standard output")]
#[test_case("os.symlink('/etc/passwd', 'output.txt')", "is a symbolic link"; "a link")]
#[test_case("os.symlink('input.txt', 'output.txt')", "is a symbolic link"; "a link to the input")]
#[test_case("os.mkdir('output.txt'); open('output.txt/output.txt', 'w').write('3')", "is a folder"; "a folder")]
#[test_case("os.mkfifo('output.txt')", "is a FIFO"; "a fifo")]
#[test_case("import socket; socket.socket(socket.AF_UNIX).bind('output.txt')", "is a socket"; "a socket")]
#[test_case("open('output.txt', 'w').write('3'); os.chmod('output.txt', 0)", "denied"; "a file that cannot be read")]
#[test_case("open('output.txt', 'w').write('3'); os.remove('output.txt')", "does not exist"; "a file that was removed")]
#[tokio::test]
async fn no_output_is_a_wrong_answer_that_says_why(what: &str, why: &str) {
    let source = format!("import os\n{what}\n");
    let result = Rig::new().await.judge(&tested(&Program::python(&source), &[("3", "3")], both())).await;
    let message = result.tests[0].checker_message.clone().unwrap_or_default();
    assert_eq!(result.verdict, Verdict::Wa, "{result:#?}");
    assert!(message.contains("there is no output") && message.contains(why), "{message}");
}

fn roomy(output_mb: u64) -> Limits {
    let memory_mb = output_mb + 128;
    Limits { cpu_ms: 10_000, wall_ms: 40_000, output_kb: output_mb * 1024, memory_mb, ..Limits::DEFAULT }
}

/// As much as an input, and as much as an output may have at all: neither fits into a warm sandbox beside the other.
#[test_case("python", "with open('output.txt', 'wb') as out:\n    for _ in '12':\n        with open('input.txt', 'rb') as text:\n            while piece := text.read(65536): out.write(piece)"; "python")]
#[test_case("cpp", "#include <bits/stdc++.h>\nint main(){std::ofstream o(\"output.txt\");for(int k=0;k<2;k++){std::ifstream i(\"input.txt\");o<<i.rdbuf();}}"; "cpp")]
#[tokio::test]
async fn an_output_up_to_the_limit_is_accepted(language: &str, source: &str) {
    let program = Program::new(language, source).limits(roomy(64)).stdin(vec![b'x'; 32 * MIB]);
    let result = Rig::new().await.judge(&run(&program, both())).await;
    let report = &result.tests[0];
    assert_eq!((report.verdict, report.limit), (Verdict::Ac, None), "{:?}", report.checker_message);
    assert_eq!(report.stdout.as_ref().unwrap().bytes, 64 * MIB as u64);
}

#[test_case("python", "open('output.txt', 'w').write('x' * (1024 * 1024 + 1))"; "python, which fails")]
#[test_case("python", "try: open('output.txt', 'w').write('x' * (8 << 20))\nexcept OSError: pass"; "python, which goes on")]
#[test_case("python", "import os\nos.truncate(os.open('output.txt', os.O_CREAT | os.O_RDWR), (1 << 20) + 1)"; "a hole")]
#[test_case("c", "#include <stdio.h>\nint main(void){FILE*o=fopen(\"output.txt\",\"w\");for(;;)fputs(\"flood\\n\",o);}"; "c, endlessly")]
#[test_case("node", "const fs=require('fs');const f=fs.openSync('output.txt','w');for(;;)fs.writeSync(f,'x'.repeat(65536))"; "node, endlessly")]
#[test_case("go", "package main\nimport \"os\"\nfunc main(){f,_:=os.Create(\"output.txt\");b:=make([]byte,65536);for{if _,e:=f.Write(b);e!=nil{panic(e)}}}"; "go, endlessly")]
#[tokio::test]
async fn more_than_the_limit_is_ole(language: &str, source: &str) {
    let program = Program::new(language, source).limits(roomy(1));
    let result = Rig::new().await.judge(&tested(&program, &[("", "x")], both())).await;
    assert_eq!(
        (result.verdict, result.tests[0].limit),
        (Verdict::Ole, Some(LimitHit::Output)),
        "{result:#?}"
    );
}

#[tokio::test]
async fn what_is_written_counts_as_memory() {
    let program = Program::python("open('output.txt', 'w').write('x' * (40 << 20))");
    let limits = Limits { memory_mb: 48, output_kb: 64 * 1024, ..Limits::DEFAULT };
    let result = Rig::new().await.judge(&tested(&program.limits(limits), &[("", "x")], both())).await;
    assert_eq!(
        (result.verdict, result.tests[0].limit),
        (Verdict::Mle, Some(LimitHit::Memory)),
        "{result:#?}"
    );
}

#[tokio::test]
async fn how_a_program_ends_outweighs_what_it_left() {
    let program = Program::python("open('output.txt', 'w').write('3')\nraise SystemExit(1)");
    let result = Rig::new().await.judge(&tested(&program, &[("3", "3")], both())).await;
    assert_eq!(result.verdict, Verdict::Rte, "{result:#?}");
}

/// A program that brings a folder of the input's name is told so; the work is not at fault.
#[tokio::test]
async fn a_program_in_the_inputs_way_is_its_own_fault() {
    let mut submission = tested(&Program::python("print(1)"), &[("3", "3")], both());
    let mut in_the_way = submission.files[0].clone();
    in_the_way.name = "input.txt/a.dat".to_owned().try_into().unwrap();
    submission.files.push(in_the_way);
    let result = Rig::new().await.judge(&submission).await;
    assert_eq!(result.verdict, Verdict::Rte, "{result:#?}");
}
