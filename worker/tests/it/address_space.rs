//! A bound of the address space: what a program asks for beyond it is refused, and it goes on.

use gavel_model::{Limits, Submission, Verdict};
use test_case::test_case;

use crate::rig::{Program, Rig, stdout};

const MALLOC: &str = "#include <stdio.h>\n#include <stdlib.h>\nint main(){void*volatile p=malloc(2147483648);\
    if(!p){puts(\"refused\");return 0;}puts(\"had\");return 0;}";
const NEW: &str = "#include <cstdio>\n#include <new>\n#include <thread>\nint main(){\
    try{char*volatile p=new char[2147483648];std::puts(p?\"had\":\"\");}catch(std::bad_alloc&){std::puts(\"refused\");}\
    std::thread t([]{std::puts(\"thread\");});t.join();}";

/// With a bound of 400 MiB and as much memory, as Jobe has them.
fn bounded(program: &Program<'_>, address_space_mb: Option<u64>) -> Submission {
    let limits = Limits { memory_mb: 400, cpu_ms: 5_000, wall_ms: 20_000, ..Limits::DEFAULT };
    Submission { address_space_mb, limits, ..program.submission() }
}

#[test_case("c", MALLOC, "")]
#[test_case("cpp", NEW, "thread\n"; "cpp, and a thread has its stack")]
#[tokio::test]
async fn more_memory_than_there_is_room_for_is_refused_in(language: &str, source: &str, then: &str) {
    let rig = Rig::new().await;
    let program = Program::new(language, source);
    // The bound is one run's: the next has none, and one that is out of all bounds is brought within them.
    for (asked, said) in [(Some(400), "refused\n"), (None, "had\n"), (Some(u64::MAX), "refused\n")] {
        let result = rig.judge(&bounded(&program, asked)).await;
        assert_eq!(result.verdict, Verdict::Ac, "{asked:?}: {result:#?}");
        assert_eq!(stdout(&result.tests[0]), format!("{said}{then}"), "{asked:?}");
    }
}

/// Whatever does not fit is the program's doing, and no fault of ours.
#[test_case("#include <string.h>\nstatic char all[900<<20];int main(){memset(all,1,9);return all[5];}", 400, Verdict::Rte; "a program that is larger")]
#[test_case("int main(){volatile char a[1<<16];a[0]=1;return main()+a[0];}", 400, Verdict::Rte; "endless recursion")]
#[test_case("#include <stdio.h>\nint main(){puts(\"\");}", 0, Verdict::Ac; "the least that there is")]
#[test_case("#include <sys/resource.h>\nint main(){struct rlimit r={RLIM_INFINITY,RLIM_INFINITY};return setrlimit(RLIMIT_AS,&r)?0:7;}", 400, Verdict::Ac; "raising it")]
#[tokio::test]
async fn an_end_within_a_bound_is_the_programs_own(source: &str, bound_mb: u64, verdict: Verdict) {
    let result = Rig::new().await.judge(&bounded(&Program::c(source), Some(bound_mb))).await;
    assert_eq!(result.verdict, verdict, "{result:#?}");
}

#[test_case("python", "print(1)")]
#[test_case("java", "class Main { public static void main(String[] a) {} }")]
#[tokio::test]
async fn a_bound_that_came_past_the_api_is_not_taken_in(language: &str, source: &str) {
    let rig = Rig::new().await;
    let slot = rig.host.slots.get().await.unwrap();
    let submission = bounded(&Program::new(language, source), Some(400));
    let fault = rig.host.judge.judge(&submission, 1, &slot, &mut |_| ()).await.unwrap_err();
    assert_eq!(fault.kind(), "address_space");
}
