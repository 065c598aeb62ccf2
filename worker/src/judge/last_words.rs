//! The last words of each language's runtime, as it writes them: what is `MLE`, and what only looks like it.

use std::path::Path;

use gavel_model::language::Languages;
use gavel_runner::Ending;
use test_case::test_case;

use super::decide::out_of_memory;

/// Whether `images/<language>/language.toml` takes such an end for a refused allocation.
fn refused(language: &str, ending: &Ending, stderr: &str) -> bool {
    let languages = languages();
    let rules = &languages.get(language).unwrap().run.out_of_memory;
    out_of_memory(rules, ending, || stderr.to_owned())
}

fn languages() -> Languages {
    Languages::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../images")).unwrap()
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

/// As they wrote it when they were refused a great allocation.
const FURTHER: [(&str, i32, &str); 21] = [
    (
        "bash",
        2,
        "main.sh: line 1: printf: warning: x: Numerical result out of range\n/app/work/main.sh: xrealloc: cannot allocate 18446744071562067968 bytes",
    ),
    (
        "clojure",
        1,
        "Execution error (OutOfMemoryError) at user/fn (main.clj:3).\nJava heap space\n\nFull report at:\n/tmp/clojure-90838.edn",
    ),
    (
        "csharp",
        1,
        "\nUnhandled Exception:\nSystem.OutOfMemoryException: Insufficient memory to continue the execution of the program.\n  at P.Main () [0x00000] in <db49d0>:0 \n[ERROR] FATAL UNHANDLED EXCEPTION: System.OutOfMemoryException: Insufficient memory to continue the execution of the program.\n  at P.Main () [0x00000] in <db49d0>:0",
    ),
    (
        "elixir",
        1,
        "binary_alloc: Cannot allocate 999999999999990 bytes of memory (of type \"binary\").\r\n\r\nCrash dump is being written to: erl_crash.dump...done",
    ),
    (
        "erlang",
        1,
        "eheap_alloc: Cannot allocate 99999999999000 bytes of memory (of type \"heap\", thread 1).\r\n\r\nCrash dump is being written to: erl_crash.dump...done",
    ),
    (
        "fortran",
        1,
        "In file '/app/work/main.f90', around line 7: Error allocating 800000000000000 bytes: Cannot allocate memory\n\nError termination. Backtrace:\n#0  0x4019ec in MAIN__\n#1  0x40175e in main",
    ),
    ("groovy", 1, JAVA_FRAMES),
    ("haskell", 251, "main: Out of memory"),
    ("kotlin", 1, JAVA_FRAMES),
    (
        "lisp",
        1,
        "Heap exhausted during allocation: 819200 bytes available, 1048592 requested.\nUnhandled SB-KERNEL::HEAP-EXHAUSTED-ERROR in thread #<SB-THREAD:THREAD tid=1 \"main thread\" RUNNING\n   {1000B70003}>:\n  Heap exhausted (no more space for allocation).\n0: (F)\n\nunhandled condition in --disable-debugger mode, quitting",
    ),
    ("ocaml", 2, "Fatal error: exception Out of memory"),
    (
        "octave",
        1,
        "error: out of memory or dimension too large for Octave's index type\nerror: called from\n    main at line 1 column 3",
    ),
    ("pascal", 203, "Runtime error 203 at $0000000000418E17\n  $0000000000418E17"),
    ("perl", 1, "Out of memory in perl:util:safesysrealloc"),
    (
        "php",
        255,
        "\nFatal error: Allowed memory size of 268435456 bytes exhausted (tried to allocate 1099511631872 bytes) in /app/work/main.php on line 2",
    ),
    (
        "prolog",
        1,
        "ERROR: /app/work/main.pro:1: Initialization goal raised exception:\nERROR: Stack limit (0.2Gb) exceeded\nERROR:   Stack sizes: local: 2Kb, global: 9Kb, trail: 0Kb\nWarning: Halting with status 1 due to 1 errors and 0 warnings",
    ),
    (
        "pypy",
        1,
        "Traceback (most recent call last):\n  File \"/app/work/main.py\", line 3, in <module>\n    f()\nMemoryError",
    ),
    ("r", 1, "Error: cannot allocate vector of size 74505.8 Gb\nExecution halted"),
    ("ruby", 1, "/app/work/main.rb: failed to allocate memory (NoMemoryError)"),
    ("scala", 1, JAVA_FRAMES),
    (
        "scheme",
        1,
        "GC Warning: Failed to expand heap by 34359738372 KiB\nGC Warning: Out of Memory! Heap size: 2 MiB. Returning NULL!",
    ),
];
const JAVA_FRAMES: &str =
    "Exception in thread \"main\" java.lang.OutOfMemoryError: Java heap space\n\tat MainKt.main(Main.kt:1)";

#[test]
fn the_runtimes_of_other_sets_are_known_by_their_exit_codes_and_last_words() {
    let languages = languages();
    for (language, code, stderr) in FURTHER {
        let rules = &languages.get(language).unwrap().run.out_of_memory;
        let refused = |code, stderr: &str| out_of_memory(rules, &Ending::Code(code), || stderr.to_owned());
        assert!(refused(code, stderr), "{language}");
        assert!(refused(code, &format!("a log\n{stderr}\n")), "{language}, after a log");
        assert!(!refused(code + 7, stderr), "{language}, another exit code");
        assert!(!refused(code, &format!("{stderr}\nand it went on")), "{language}, then other words");
    }
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
