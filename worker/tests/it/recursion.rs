//! Deep recursion: as deep as the memory limit allows, and an end without doubt when it is endless.

use gavel_model::{Limits, Verdict};
use test_case::test_case;

use crate::rig::{Program, Rig, stdout};

const ROOMY: Limits = Limits { memory_mb: 512, cpu_ms: 10_000, wall_ms: 40_000, ..Limits::DEFAULT };

#[test_case("c", "#include <stdio.h>\n__attribute__((noinline)) long f(int n){volatile char pad[64];pad[0]=n;if(!n)return 0;return f(n-1)+1+pad[0]*0;}\nint main(void){printf(\"%ld\\n\",f(1000000));}"; "c")]
#[test_case("cpp", "#include <bits/stdc++.h>\nint main(){std::function<long(int)> f=[&](int n)->long{return n?f(n-1)+1:0;};std::cout<<f(1000000)<<'\\n';}"; "cpp")]
#[test_case("rust", "#[inline(never)] fn f(n:u64)->u64{let p=std::hint::black_box([n;8]);if n==0{0}else{f(n-1)+1+p[3]-n}}fn main(){println!(\"{}\",f(1_000_000));}"; "rust")]
#[test_case("go", "package main\nimport \"fmt\"\n//go:noinline\nfunc f(n int) int { if n==0 {return 0}; return f(n-1)+1 }\nfunc main(){ fmt.Println(f(1000000)) }"; "go")]
#[test_case("java", "class M{static long f(int n){return n==0?0:f(n-1)+1;}public static void main(String[] a){System.out.println(f(1000000));}}"; "java")]
#[test_case("python", "import sys,threading\nsys.setrecursionlimit(2*10**6)\nthreading.stack_size(256*1024*1024)\ndef f(n):\n    return 0 if n == 0 else f(n-1)+1\nt=threading.Thread(target=lambda: print(f(1000000)));t.start();t.join()"; "python")]
#[tokio::test]
async fn a_million_calls_fit_into_512_mib_in(language: &str, source: &str) {
    let report = Rig::new().await.run(Program::new(language, source).limits(ROOMY)).await;
    assert_eq!((report.verdict, stdout(&report).as_str()), (Verdict::Ac, "1000000\n"), "{report:#?}");
}

#[tokio::test]
async fn nearly_all_of_the_memory_limit_may_be_stack() {
    let source = "#include <stdio.h>\n__attribute__((noinline)) long f(long n){volatile char pad[4096];pad[n%4096]=1;if(!n)return 0;return f(n-1)+pad[n%4096];}\nint main(void){printf(\"%ld\\n\",f(56000));}";
    let report = Rig::new().await.run(Program::c(source)).await;
    assert_eq!((report.verdict, stdout(&report).as_str()), (Verdict::Ac, "56000\n"), "{report:#?}");
}

const C_ENDLESS: &str = "volatile int z;\nint f(int n){volatile char b[64];b[0]=n;z=b[0];return f(n+1)+z+b[0];}\nint main(void){return f(1);}";

#[test_case("c", C_ENDLESS, Some(11), ""; "c")]
#[test_case("cpp", C_ENDLESS, Some(11), ""; "cpp")]
#[test_case("rust", "#[inline(never)]fn f(n:u64)->u64{std::hint::black_box(f(std::hint::black_box(n)+1))+1}fn main(){println!(\"{}\",f(0));}", Some(6), "has overflowed its stack"; "rust")]
#[test_case("java", "class M{static int f(int n){return f(n+1)+1;}public static void main(String[] a){System.out.println(f(0));}}", None, "java.lang.StackOverflowError"; "java")]
#[test_case("node", "function f(){return f()+1}f()", None, "RangeError: Maximum call stack size exceeded"; "node")]
#[test_case("python", "def f():\n    return f()+1\nf()", None, "RecursionError"; "python")]
#[tokio::test]
async fn endless_recursion_is_a_run_time_error(
    language: &str,
    source: &str,
    signal: Option<i32>,
    said: &str,
) {
    let limits = Limits { cpu_ms: 5_000, wall_ms: 20_000, ..Limits::DEFAULT };
    let report = Rig::new().await.run(Program::new(language, source).limits(limits)).await;
    assert_eq!((report.verdict, report.signal, report.limit), (Verdict::Rte, signal, None), "{report:#?}");
    let stderr = report.stderr.unwrap();
    assert!(stderr.lossy().contains(said), "{}", stderr.lossy());
}

/// Compiled frames are small, so there are millions of them.
const JAVA_CAUGHT: &str = r#"
class M {
    static int f(int n) { return f(n + 1) + 1; }
    static int g(Object o) { return g(o) + 1; }
    static void overflow(Runnable endless) { try { endless.run(); } catch (StackOverflowError e) { System.out.println("caught"); } }
    public static void main(String[] a) throws Exception {
        for (int i = 0; i < 3; i++) { overflow(() -> f(0)); overflow(() -> g("x")); }
        Thread t = new Thread(null, () -> overflow(() -> f(0)), "large", 1 << 27);
        t.start();
        t.join();
    }
}
"#;

/// What an overflow takes is the stack, of the main thread or one with a larger stack of its own, and little more.
#[tokio::test]
async fn a_stack_overflow_of_java_takes_no_memory_beside_the_stack() {
    const STACKS: u64 = 64 + 128;
    let limits = Limits { cpu_ms: 10_000, wall_ms: 40_000, ..Limits::DEFAULT };
    let report = Rig::new().await.run(Program::new("java", JAVA_CAUGHT).limits(limits)).await;
    assert_eq!((report.verdict, stdout(&report)), (Verdict::Ac, "caught\n".repeat(7)), "{report:#?}");
    assert!(report.memory_bytes < (STACKS + 80) << 20, "{report:#?}");
}

#[test_case("c", "#include <sys/resource.h>\n#include <stdio.h>\nint main(void){struct rlimit r={RLIM_INFINITY,RLIM_INFINITY};printf(\"%d\\n\",setrlimit(RLIMIT_STACK,&r));}"; "unlimited")]
#[test_case("python", "import resource as r\nr.setrlimit(r.RLIMIT_STACK,[0x10000000,r.RLIM_INFINITY])\nprint(0)"; "a hard limit that is open")]
#[test_case("python", "import resource as r\nr.setrlimit(r.RLIMIT_STACK,(1<<29,1<<29))\nprint(0)"; "512 MiB")]
#[test_case("cpp", "#include <sys/resource.h>\n#include <unistd.h>\n#include <cstdio>\nint main(int c,char**v){rlimit r;getrlimit(RLIMIT_STACK,&r);if(c==1){r.rlim_cur=r.rlim_max;if(setrlimit(RLIMIT_STACK,&r))return 2;char*a[]={v[0],(char*)\"x\",nullptr};execv(\"/proc/self/exe\",a);return 3;}puts(\"0\");}"; "and another program after it")]
#[tokio::test]
async fn a_program_may_raise_the_limit_of_its_stack(language: &str, source: &str) {
    let report = Rig::new().await.run(Program::new(language, source)).await;
    assert_eq!((report.verdict, stdout(&report).as_str()), (Verdict::Ac, "0\n"), "{report:#?}");
}

/// What is raised so is still limited by memory.
#[tokio::test]
async fn a_stack_without_a_limit_ends_with_the_memory() {
    let source = format!(
        "#include <sys/resource.h>\n#include <unistd.h>\n{}",
        C_ENDLESS.replace("main(void){", "main(int c,char**v){struct rlimit r={RLIM_INFINITY,RLIM_INFINITY};if(c==1){setrlimit(RLIMIT_STACK,&r);char*a[]={v[0],\"x\",0};execv(\"/proc/self/exe\",a);return 3;}")
    );
    let report =
        Rig::new().await.run(Program::c(&source).limits(Limits { cpu_ms: 8_000, ..Limits::DEFAULT })).await;
    assert_eq!(report.verdict, Verdict::Mle, "{report:#?}");
}
