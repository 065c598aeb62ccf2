//! The last words of each language's runtime, as it writes them: what is `MLE`, and what only looks like it.

use std::path::Path;

use gavel_model::language::Languages;
use gavel_runner::Ending;
use test_case::test_case;

use super::decide::out_of_memory;

/// Whether `images/<language>/language.toml` takes such an end for a refused allocation.
fn refused(language: &str, ending: &Ending, stderr: &str) -> bool {
    let images = Path::new(env!("CARGO_MANIFEST_DIR")).join("../images");
    let languages = Languages::load(&images).unwrap();
    let rules = &languages.get(language).unwrap().run.out_of_memory;
    out_of_memory(rules, ending, || stderr.to_owned())
}

const PYTHON: &str =
    "Traceback (most recent call last):\n  File \"/app/work/main.py\", line 1, in <module>\n";
const NODE: &str = "/app/work/main.js:1\nf()\n^\n\nRangeError: Array buffer allocation failed\n";
const NODE_HEAP: &str = "\n<--- Last few GCs --->\n\n[7:0x55]  256 ms: Mark-Compact 62.7 (71.7) -> 62.6 (71.7) MB\n\n\
    <--- JS stacktrace --->\n\nFATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n\
    ----- Native stack trace -----\n\n 1: 0x7f7c /lib/x86_64-linux-gnu/libnode.so.115]\n";
const NODE_WORKER: &str = "Error [ERR_WORKER_OUT_OF_MEMORY]: Worker terminated due to reaching memory limit: JS heap \
    out of memory\n    at [kOnExit] (node:internal/worker:320:26) {\n  code: 'ERR_WORKER_OUT_OF_MEMORY'\n}\n\n\
    Node.js v20.19.2\n";
const JAVA: &str =
    "Exception in thread \"main\" java.lang.OutOfMemoryError: Java heap space\n\tat M.main(M.java:1)\n";
const GO: &str =
    "fatal error: runtime: out of memory\n\nruntime stack:\nruntime.throw({0x47d312?, 0x207000?})\n";
const CPP: &str =
    "terminate called after throwing an instance of 'std::bad_alloc'\n  what():  std::bad_alloc\n";

#[test_case("python", 1, &format!("{PYTHON}    x=[0]*(10**13)\n      ~~~^^~~~~~~~~\nMemoryError\n"); "python")]
#[test_case("python", 1, &format!("{PYTHON}    return bytearray(\n        10**15)\nMemoryError\n"); "python, two lines")]
#[test_case("python", 1, &format!("{PYTHON}  File \"<string>\", line 1, in <module>\nMemoryError\n"); "python, no source")]
#[test_case("python", 1, &format!("{PYTHON}    y()\n  [Previous line repeated 17 more times]\nMemoryError: no\n"); "python, with text")]
#[test_case("python", 1, &format!("{}{PYTHON}    x()\nMemoryError\n", "d".repeat(200_000)); "python, after a log without an end of line")]
#[test_case("java", 1, JAVA; "java")]
#[test_case("java", 1, &format!("x{}", JAVA.replace("Java heap space", "Requested array size exceeds VM limit")); "java, huge array")]
#[test_case("java", 1, &JAVA.replace("Java heap space", "Cannot reserve 1048576 bytes of direct buffer memory (allocated: 63963136, limit: 64880640)"); "java, direct buffers")]
#[test_case("java", 1, &JAVA.replace("\"main\"", "\"Thread-0\""); "java, another thread")]
#[test_case("java", 1, "Exception in thread \"main\" java.util.concurrent.ExecutionException: java.lang.OutOfMemoryError: Java heap space\n\tat M.main(M.java:1)\nCaused by: java.lang.OutOfMemoryError: Java heap space\n\tat M.lambda$main$0(M.java:1)\n\t... 3 more\n"; "java, a future")]
#[test_case("java", 1, "Exception: java.lang.OutOfMemoryError thrown from the UncaughtExceptionHandler in thread \"main\"\n"; "java, nothing left")]
#[test_case("node", 1, &format!("{NODE}    at new ArrayBuffer (<anonymous>)\n    at Object.<anonymous> (/a.js:1:1)\n\nNode.js v20.19.2\n"); "node, buffers")]
#[test_case("node", 1, NODE_WORKER; "node, worker")]
#[test_case("go", 2, GO; "go")]
fn a_refused_allocation_is_known_by_its_exit_code_and_last_words(language: &str, code: i32, stderr: &str) {
    assert!(refused(language, &Ending::Code(code), stderr));
    assert!(!refused(language, &Ending::Code(code + 7), stderr), "another exit code");
    assert!(!refused(language, &Ending::Signal(9), stderr), "a signal");
    assert!(!refused(language, &Ending::Code(0), stderr), "success");
}

#[test_case("node", NODE_HEAP; "node")]
#[test_case("cpp", CPP; "cpp")]
#[test_case("cpp23", CPP; "a variant")]
#[test_case("rust", "working\nmemory allocation of 1152921504606846976 bytes failed\n"; "rust")]
fn a_refused_allocation_is_known_by_its_abort_and_last_words(language: &str, stderr: &str) {
    assert!(refused(language, &Ending::Signal(6), stderr));
    assert!(!refused(language, &Ending::Signal(11), stderr), "another signal");
    assert!(!refused(language, &Ending::Code(1), stderr), "an exit code");
}

#[test_case("python", 1, "MemoryError\n"; "python, printed")]
#[test_case("python", 1, "no MemoryError so far\n"; "python, a log")]
#[test_case("python", 1, &format!("{PYTHON}    raise MemoryError\nMemoryError\n"); "python, raised by hand")]
#[test_case("python", 1, &format!("{PYTHON}    raise NotAMemoryError('x')\nNotAMemoryError: x\n"); "python, another name")]
#[test_case("python", 1, &format!("{PYTHON}    x['MemoryError']\n    ~^^^\nKeyError: 'MemoryError'\n"); "python, in the text")]
#[test_case("python", 1, &format!("{PYTHON}    f()\nMemoryError\n\nDuring handling of the above exception, another exception occurred:\n\n{PYTHON}    g()\nValueError: x\n"); "python, handled")]
#[test_case("python", 1, &format!("{PYTHON}    t.start()\nRuntimeError: can't start new thread\n"); "python, threads")]
#[test_case("java", 1, &JAVA.replace("Java heap space", "unable to create native thread: possibly out of memory or process/resource limits reached"); "java, threads")]
#[test_case("java", 1, "Exception in thread \"main\" java.lang.IllegalStateException: not a java.lang.OutOfMemoryError: Java heap space\n\tat M.main(M.java:1)\n"; "java, in the text")]
#[test_case("java", 1, "java.lang.OutOfMemoryError: Java heap space\n\tat M.main(M.java:1)\n"; "java, printed by the program")]
#[test_case("java", 1, &format!("{JAVA}Exception in thread \"x\" java.lang.ArithmeticException: / by zero\n\tat M.f(M.java:1)\n"); "java, then another failure")]
#[test_case("node", 1, "/a.js:1\nthrow new Error('JavaScript heap out of memory?')\n^\n\nError: JavaScript heap out of memory?\n    at Object.<anonymous> (/a.js:1:7)\n\nNode.js v20.19.2\n"; "node, in the text")]
#[test_case("node", 1, &format!("{NODE}    at Object.<anonymous> (/a.js:1:7)\n\nNode.js v20.19.2\n"); "node, thrown by hand")]
#[test_case("go", 2, "panic: runtime error: makeslice: len out of range\n\ngoroutine 1 [running]:\n"; "go, a wrong length")]
#[test_case("go", 2, "fatal error: newosproc\n\nruntime stack:\n"; "go, threads")]
#[test_case("go", 2, "panic: fatal error: out of memory\n\ngoroutine 1 [running]:\nmain.main()\n"; "go, in the text")]
#[test_case("c", 1, "malloc: out of memory\n"; "c")]
fn an_end_that_only_speaks_of_memory_is_none(language: &str, code: i32, stderr: &str) {
    assert!(!refused(language, &Ending::Code(code), stderr));
}

#[test_case("cpp", "terminate called after throwing an instance of 'std::bad_array_new_length'\n  what():  std::bad_array_new_length\n"; "a negative length")]
#[test_case("cpp", "terminate called after throwing an instance of 'std::system_error'\n  what():  Resource temporarily unavailable\n"; "threads")]
#[test_case("cpp", &format!("{CPP}main: main.cpp:3: int main(): Assertion `false' failed.\n"); "then another failure")]
#[test_case("rust", "memory allocation of 5 bytes failed\nthread 'main' has overflowed its stack\n"; "rust")]
fn an_abort_that_only_speaks_of_memory_is_none(language: &str, stderr: &str) {
    assert!(!refused(language, &Ending::Signal(6), stderr));
}
