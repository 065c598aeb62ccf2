//! C and C++: libraries, wide characters, pragmas before the headers, and the precompiled header behind them.

use std::time::Duration;

use gavel_model::language::{Languages, Values};
use gavel_model::{FileName, Limits, Verdict};
use gavel_runner::{Ending, Stdout};
use gavel_worker::container::Purpose;
use gavel_worker::sandbox::{Head, Input, Job, SourceBytes};
use test_case::test_case;

use crate::rig::{Program, Rig, root, stdout};

/// Enough for a compiler that has the whole library to read, on a busy machine.
const PATIENT: Limits = Limits { cpu_ms: 5_000, wall_ms: 20_000, ..Limits::DEFAULT };

async fn prints(language: &str, source: &str, stdin: &str, wanted: &str) {
    let program = Program::new(language, source).stdin(stdin).limits(PATIENT);
    let result = Rig::new().await.judge(&program.submission()).await;
    assert_eq!(result.verdict, Verdict::Ac, "{result:#?}");
    assert_eq!(stdout(&result.tests[0]), wanted);
}

const SET_LOCALE: &str = "#include <wchar.h>\n#include <locale.h>\nint main(void){setlocale(LC_CTYPE,\"\");wprintf(L\"%ls\\n\", L\"\\u00e9\\u0416\");}";
const WCOUT: &str = "#include <bits/stdc++.h>\nint main(){ std::locale::global(std::locale(\"\")); std::wcout.imbue(std::locale()); std::wstring s; std::wcin.imbue(std::locale()); std::getline(std::wcin,s); std::wcout << s << L' ' << s.size() << std::endl; }";
const AMERICAN: &str = "#include <bits/stdc++.h>\nint main(){ std::cout.imbue(std::locale(\"en_US.UTF-8\")); std::cout << 1234567 << '\\n'; }";

#[test_case("c", SET_LOCALE, "", "\u{e9}\u{416}\n"; "wprintf")]
#[test_case("cpp", WCOUT, "数ß\n", "数ß 2\n"; "wcin and wcout")]
#[test_case("cpp", AMERICAN, "", "1,234,567\n"; "a locale by its name")]
#[tokio::test]
async fn wide_characters_are_utf8(language: &str, source: &str, stdin: &str, wanted: &str) {
    prints(language, source, stdin, wanted).await;
}

#[test_case("cpp", "#include <quadmath.h>\n#include <cstdio>\nint main(){ char b[64]; quadmath_snprintf(b,64,\"%.20Qf\",sqrtq(2.0Q)); puts(b); }", "1.41421356237309504880\n"; "quadmath")]
#[test_case("c", "#include <quadmath.h>\n#include <stdio.h>\nint main(void){ char b[64]; quadmath_snprintf(b,64,\"%.3Qf\",expq(0)); puts(b); }", "1.000\n"; "quadmath in C")]
#[test_case("cpp", "#include <bits/stdc++.h>\nstruct P{long a,b;}; int main(){ std::atomic<P> p; p.store({1,2}); P q=p.load(); std::cout<<q.a+q.b<<'\\n'; }", "3\n"; "an atomic of 16 bytes")]
#[test_case("cpp23", "#include <stacktrace>\n#include <cstdio>\nint main(){ std::puts(std::stacktrace::current().size() ? \"1\" : \"0\"); }", "1\n"; "stacktrace")]
#[test_case("cpp23", "#include <print>\nint main(){ std::println(\"{} {}\", 1, \"\\u00e4\"); }", "1 \u{e4}\n"; "print")]
#[test_case("cpp", "#include <bits/stdc++.h>\nint main(){ std::atomic<int> n=0; { std::vector<std::jthread> t; for(int i=0;i<20;i++) t.emplace_back([&]{n++;}); } std::cout<<n<<'\\n'; }", "20\n"; "threads")]
#[test_case("c", "#include <stdio.h>\n#include <threads.h>\n#include <math.h>\nint f(void*p){return (int)pow(2,3);}\nint main(void){thrd_t t;int r;thrd_create(&t,f,0);thrd_join(t,&r);printf(\"%d\\n\",r);}", "8\n"; "threads and mathematics in C")]
#[test_case("cpp", "#include <omp.h>\n#include <cstdio>\nint main(){ std::printf(\"%d\\n\", omp_get_max_threads() > 0); }", "1\n"; "omp.h")]
#[tokio::test]
async fn what_the_compiler_brings_links_and_runs(language: &str, source: &str, wanted: &str) {
    prints(language, source, "", wanted).await;
}

#[test_case("c", "#include <stdio.h>\n"; "c")]
#[test_case("cpp", "#include <bits/stdc++.h>\n"; "cpp")]
#[test_case("cpp17", "#include <bits/stdc++.h>\n"; "cpp17")]
#[test_case("cpp23", "#include <bits/stdc++.h>\n"; "cpp23")]
#[tokio::test]
async fn online_judge_is_defined_in(language: &str, header: &str) {
    let source = format!(
        "#ifndef ONLINE_JUDGE\n#include \"/home/me/debug.h\"\n#endif\n{header}int main(){{\n#ifndef ONLINE_JUDGE\nfreopen(\"in.txt\",\"r\",stdin);\n#endif\nint a,b;if(scanf(\"%d%d\",&a,&b)!=2)return 1;printf(\"%d\\n\",a+b);}}"
    );
    prints(language, &source, "3 4\n", "7\n").await;
}

const LIST: &str = "#include <bits/stdc++.h>\nint main(){std::string s;std::cin>>s;std::vector<std::string> v(3,s);std::map<int,std::set<std::string>> m;m[1].insert(v[1]);std::cout<<v[2]<<m.size()<<'\\n';}";

const STREAMS: &str = "#include <iostream>\n#include <vector>\nint main(){std::vector<int> v(1);std::cin>>v[0];std::cout<<v[0]+1<<'\\n';}";

/// GCC 14.2 refuses the standard headers behind such a pragma unless they are patched, as `images/cpp` does.
#[cfg(target_arch = "x86_64")]
#[test_case("#pragma GCC target(\"avx2\")"; "one target")]
#[test_case("#pragma GCC optimize(\"O3,unroll-loops\")\n#pragma GCC target(\"avx2,bmi,bmi2,lzcnt,popcnt\")"; "optimize and targets")]
#[test_case("#pragma GCC target(\"sse,sse2,sse3,ssse3,sse4,popcnt,abm,mmx,avx,tune=native\")"; "an old list")]
#[test_case("#pragma GCC target(\"arch=skylake\")\n#include <string>\n#include <vector>"; "an architecture, before single headers")]
#[tokio::test]
async fn a_program_may_begin_with_a_pragma_for_its_target(pragma: &str) {
    prints("cpp", &format!("{pragma}\n{LIST}"), "ab", "ab1\n").await;
}

/// The precompiled header must not make the pragma mean nothing: the loop below becomes vector instructions of 256 bits.
#[cfg(target_arch = "x86_64")]
#[tokio::test]
async fn a_pragma_before_the_precompiled_header_means_what_it_says() {
    let source = "#pragma GCC optimize(\"O3\")\n#pragma GCC target(\"avx2\")\n#include <bits/stdc++.h>\nint a[1024];\nint main(){for(int&x:a)x=x*3+1;}\n";
    let assembly = compiler("cpp", &["-S"], source).await.1;
    assert!(assembly.contains("ymm"), "{assembly}");
    let plain = compiler("cpp", &["-S"], &source.replace("#pragma", "//")).await.1;
    assert!(!plain.contains("ymm"));
}

/// What is slower than everything else a judge does: the flags of `language.toml` and of the image agree.
#[test_case("cpp", LIST; "cpp")]
#[test_case("cpp17", LIST; "cpp17")]
#[test_case("cpp23", LIST; "cpp23")]
#[test_case("cpp", STREAMS; "cpp, only streams")]
#[test_case("cpp17", STREAMS; "cpp17, only streams")]
#[test_case("cpp23", STREAMS; "cpp23, only streams")]
#[tokio::test]
async fn an_ordinary_program_gets_the_precompiled_header_of(language: &str, source: &str) {
    let (said, _) = compiler(language, &["-H", "-S"], source).await;
    // GCC looks at those of the other standards first, and marks them with an `x`.
    assert!(said.lines().any(|line| line.starts_with("! ") && line.contains(".gch/")), "{said}");
}

#[tokio::test]
async fn checks_of_the_library_can_be_switched_on_before_the_precompiled_header() {
    let source = "#define _GLIBCXX_DEBUG\n#include <bits/stdc++.h>\nint main(){std::vector<int> v(2);volatile int i=5;std::cout<<v[i];}";
    let report = Rig::new().await.run(Program::new("cpp", source)).await;
    assert_eq!((report.verdict, report.signal), (Verdict::Rte, Some(6)), "{report:?}");
}

/// Runs the compiler as `language.toml` has it, with more options; what it said, and what it made in the place of the
/// program.
async fn compiler(language: &str, more: &[&str], source: &str) -> (String, String) {
    let rig = Rig::new().await;
    let spec = Languages::load(&root().join("images")).unwrap().get(language).unwrap().clone();
    let name = FileName::try_from("main.cpp".to_owned()).unwrap();
    let options: Vec<String> = more.iter().map(|option| (*option).to_owned()).collect();
    let argv = spec
        .compile_argv(&Values { files: std::slice::from_ref(&name), memory_mb: 2048, options: &options })
        .unwrap();
    let mut sandbox = rig.sandbox(&spec.image, Purpose::Compile).await;
    let bytes = source.as_bytes().to_vec().into();
    sandbox.put_sources(&[SourceBytes { name, bytes }]).await.unwrap();
    let mut said = Head::new(1024 * 1024);
    let job = Job {
        argv,
        env: spec.compile.as_ref().unwrap().env.clone(),
        cwd: "/app/work",
        stdout: Stdout::Stream,
        cpu: Duration::from_secs(60),
        wall: Duration::from_secs(120),
        stdout_limit: 1 << 20,
        stderr_limit: 1 << 20,
        stderr_forward: 1 << 20,
        stack: 1 << 30,
        address_space: None,
        file: u64::MAX,
        memory: u64::MAX,
        cores: Vec::new(),
    };
    let outcome = sandbox.run(&job, &Input::Empty, &mut said).await.unwrap();
    assert_eq!(outcome.ending, Ending::Code(0), "{}", said.text());
    let made = sandbox.fetch("out", 16 << 20).await.unwrap();
    (said.text(), String::from_utf8_lossy(&made.files[0].bytes).into_owned())
}
