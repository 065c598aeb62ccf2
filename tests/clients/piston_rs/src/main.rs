//! `piston_rs`, Piston's client for Rust, in its published version: built by itself, as whoever uses it would.

use piston_rs::{Client, Executor, File};

const BOTH: &str = "import sys, helper\nprint(helper.twice(input()), sys.argv[1:])";

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let client = Client::with_url(&std::env::var("PISTON").expect("PISTON is where it is"));

    let runtimes = client.fetch_runtimes().await.unwrap();
    let python = runtimes.iter().find(|one| one.language == "python").unwrap();
    assert!(
        python.version.starts_with("3.") && python.aliases.iter().any(|alias| alias == "py"),
        "{python:?}"
    );
    println!("ok: fetch_runtimes");

    let program = Executor::new()
        .set_language("py")
        .set_version("3.x")
        .add_files(vec![
            File::default().set_name("main.py").set_content(BOTH),
            // `ZGVmIHR3..` is `def twice(text): return 2 * text`.
            File::new("helper.py", "ZGVmIHR3aWNlKHRleHQpOiByZXR1cm4gMiAqIHRleHQ=", "base64"),
        ])
        .set_stdin("ab\n")
        .add_args(vec!["1", "b c"])
        .set_run_timeout(3_000)
        .set_run_memory_limit(128 << 20);
    let told = client.execute(&program).await.unwrap();
    assert!(told.is_ok() && told.compile.is_none(), "{told:?}");
    assert_eq!((told.status, told.language.as_str(), &told.version), (200, "python", &python.version));
    assert_eq!((told.run.stdout.as_str(), told.run.code), ("abab ['1', 'b c']\n", Some(0)), "{told:?}");
    println!("ok: execute: files, input, arguments, limits");

    let of = |language: &str, content: &str| {
        Executor::new().set_language(language).set_version("*").add_file(File::default().set_content(content))
    };
    let broken = client.execute(&of("c++", "int main() { return x; }")).await.unwrap();
    let compile = broken.compile.as_ref().unwrap();
    assert!(broken.is_ok() && compile.is_err() && compile.stderr.contains('x'), "{broken:?}");
    println!("ok: execute: a failed compilation");

    let slow = of("python", "while True: pass").set_run_timeout(500);
    let slow = client.execute(&slow).await.unwrap();
    assert_eq!((slow.run.code, slow.run.signal.as_deref()), (None, Some("SIGKILL")), "{slow:?}");
    println!("ok: execute: run_timeout");

    let refused = client.execute(&of("python", "").set_version("2.0.0")).await.unwrap();
    assert!(
        refused.is_err() && refused.run.stderr.contains("python-2.0.0 runtime is unknown"),
        "{refused:?}"
    );
    assert_eq!(refused.status, 400);
    println!("ok: execute: a version that is not here");

    let client = Client::with_url_and_key(&client.get_url(), "a key that nobody asks for");
    let told = client.execute(&of("javascript", "console.log(6 * 7)")).await.unwrap();
    assert_eq!(told.run.output, "42\n", "{told:?}");
    println!("ok: execute with a key");
}
