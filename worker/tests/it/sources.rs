//! Source files as people hand them in: any name, any editor, with data beside them.

use gavel_model::Verdict;
use test_case::test_case;

use crate::rig::{Rig, stdout, submission_of};

/// A program that prints `ok`, and the extension of its language.
fn program(language: &str) -> (&'static str, &'static str) {
    match language {
        "c" => ("#include <stdio.h>\nint main(void) {\n  puts(\"ok\");\n}\n", "c"),
        "cpp" => ("#include <bits/stdc++.h>\nint main() {\n  std::puts(\"ok\");\n}\n", "cpp"),
        "go" => ("package main\n\nimport \"fmt\"\n\nfunc main() {\n\tfmt.Println(\"ok\")\n}\n", "go"),
        "rust" => ("fn main() {\n    println!(\"ok\");\n}\n", "rs"),
        "java" => {
            let source = "public class Sum {\n  public static void main(String[] a) {\n    System.out.println(\"ok\");\n  }\n}\n";
            (source, "java")
        }
        "node" => ("'use strict';\nconsole.log('ok');\n", "js"),
        "python" => ("import sys\nif True:\n    print('ok')\n", "py"),
        other => panic!("no program in {other}"),
    }
}

async fn runs(rig: &Rig, language: &str, files: &[(&str, &[u8])]) {
    let result = rig.judge(&submission_of(language, files)).await;
    let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    assert_eq!(result.verdict, Verdict::Ac, "{names:?}: {result:#?}");
    assert_eq!(stdout(&result.tests[0]), "ok\n", "{names:?}");
}

const NAMES: [&str; 16] = [
    "my sum.EXT",
    "test for2.cx.EXT",
    "a+b.EXT",
    "2438 - stars.EXT",
    "sub dir/main prog.EXT",
    "größe/Σ.EXT",
    "a..b.EXT",
    "x-.EXT",
    "_main.EXT",
    "a.b/c.EXT",
    "main_test.EXT",
    "main_windows.EXT",
    "import.EXT",
    "solution.txt",
    "solution.json",
    "solution",
];

#[test_case("c")]
#[test_case("cpp")]
#[test_case("go")]
#[test_case("rust")]
#[test_case("java")]
#[test_case("node")]
#[test_case("python")]
#[tokio::test]
async fn a_file_of_any_name_is_the_stated_language(language: &str) {
    let rig = Rig::new().await;
    let (source, extension) = program(language);
    for name in NAMES {
        runs(&rig, language, &[(&name.replace("EXT", extension), source.as_bytes())]).await;
    }
    runs(&rig, language, &[(&format!("main.{}", extension.to_uppercase()), source.as_bytes())]).await;
}

#[test_case("c")]
#[test_case("cpp")]
#[test_case("go")]
#[test_case("rust")]
#[test_case("java")]
#[test_case("node")]
#[test_case("python")]
#[tokio::test]
async fn what_an_editor_on_windows_saves_is_the_same_program(language: &str) {
    let rig = Rig::new().await;
    let (source, extension) = program(language);
    for (mark, end) in [("\u{feff}", "\n"), ("", "\r\n"), ("\u{feff}", "\r\n")] {
        let source = format!("{mark}{}", source.replace('\n', end));
        for name in ["main.EXT", "_main.EXT"] {
            runs(&rig, language, &[(&name.replace("EXT", extension), source.as_bytes())]).await;
        }
    }
}

/// Prints what is in `data/list.txt`.
fn reader(language: &str) -> (&'static str, &'static str) {
    match language {
        "c" => (
            "main.c",
            "#include <stdio.h>\nint main(void){FILE*f=fopen(\"data/list.txt\",\"r\");char s[9];if(!f||fscanf(f,\"%8s\",s)!=1)return 1;puts(s);}",
        ),
        "cpp" => (
            "main.cpp",
            "#include <fstream>\n#include <iostream>\nint main(){std::ifstream f(\"data/list.txt\");std::string s;f>>s;std::cout<<s<<'\\n';}",
        ),
        "go" => (
            "main.go",
            "package main\nimport (\"fmt\";\"os\")\nfunc main(){b,e:=os.ReadFile(\"data/list.txt\");if e!=nil{panic(e)};fmt.Print(string(b))}",
        ),
        "rust" => {
            ("main.rs", "fn main(){print!(\"{}\",std::fs::read_to_string(\"data/list.txt\").unwrap());}")
        }
        "java" => (
            "Main.java",
            "import java.util.*;class Main{public static void main(String[] a)throws Exception{if(!java.nio.file.Files.readString(java.nio.file.Path.of(\"data/list.txt\")).equals(\"ok\\n\"))throw new Error();System.out.println(new Scanner(Main.class.getResourceAsStream(\"/data/list.txt\")).next());}}",
        ),
        "node" => ("main.js", "process.stdout.write(require('fs').readFileSync('data/list.txt'))"),
        "python" => ("main.py", "print(open('data/list.txt').read(),end='')"),
        other => panic!("no program in {other}"),
    }
}

#[test_case("c")]
#[test_case("cpp")]
#[test_case("go")]
#[test_case("rust")]
#[test_case("java")]
#[test_case("node")]
#[test_case("python")]
#[tokio::test]
async fn data_beside_the_program_is_there_when_it_runs(language: &str) {
    let (name, source) = reader(language);
    let files: [(&str, &[u8]); 2] = [(name, source.as_bytes()), ("data/list.txt", b"ok\n")];
    let rig = Rig::new().await;
    runs(&rig, language, &files).await;
    // The same again is taken from the cache of artifacts, other data with the same program is not.
    runs(&rig, language, &files).await;
    let other = rig.judge(&submission_of(language, &[files[0], ("data/list.txt", b"ok\n")])).await;
    assert_eq!(other.verdict, Verdict::Ac);
    let result = rig.judge(&submission_of(language, &[files[0], ("data/list.txt", b"no\n")])).await;
    assert!(language == "java" || stdout(&result.tests[0]) == "no\n", "{result:#?}");
}

#[tokio::test]
async fn a_program_of_several_go_files_is_built_whole() {
    let rig = Rig::new().await;
    let main = "package main\nimport \"fmt\"\nfunc main() { fmt.Println(text()) }\n";
    let text = "package main\nfunc text() string { return \"ok\" }\n";
    let test = "package main\nimport \"testing\"\nfunc TestX(t *testing.T) {}\n";
    let pairs: [&[(&str, &str)]; 4] = [
        &[("main.go", main), ("text.go", text), ("main_test.go", test)],
        &[("text.go", text), ("main.go", main)],
        &[("cmd/_run.go", main), ("cmd/text.go", text)],
        &[("größe/run.go", main), ("größe/text.go", text)],
    ];
    for files in pairs {
        let files: Vec<_> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
        runs(&rig, "go", &files).await;
    }
    let used =
        "package main\nimport (\"fmt\";\"example.com/x/util\")\nfunc main() { fmt.Println(util.Text()) }\n";
    let files: [(&str, &[u8]); 3] = [
        ("cmd/run/main.go", used.as_bytes()),
        ("go.mod", b"module example.com/x\r\n\r\ngo 1.21\r\n"),
        ("util/util.go", b"package util\nfunc Text() string { return \"ok\" }\n"),
    ];
    runs(&rig, "go", &files).await;
}

#[test_case("//go:build ignore\n\n"; "a constraint")]
#[test_case("// +build ignore\n\n"; "a constraint in the old form")]
#[tokio::test]
async fn a_go_entry_is_built_in_spite_of(constraint: &str) {
    let source = format!("{constraint}package main\nimport \"fmt\"\nfunc main() {{ fmt.Println(\"ok\") }}\n");
    runs(&Rig::new().await, "go", &[("gen.go", source.as_bytes())]).await;
}

/// A renamed entry keeps its own name and lines in what the compiler says.
#[tokio::test]
async fn a_mistake_in_a_go_entry_of_an_odd_name_is_told_by_that_name() {
    let source = b"package main\n\nfunc main() { z }\n";
    let result = Rig::new().await.judge(&submission_of("go", &[("_main.go", source)])).await;
    assert_eq!(result.verdict, Verdict::Ce);
    let output = result.compile.unwrap().output;
    assert!(output.contains("_main.go:3:15: undefined: z"), "{output}");
}

#[test_case("python", "import os\nprint('ok' if os.environ['ONLINE_JUDGE'] else '')"; "python")]
#[test_case("node", "if (process.env.ONLINE_JUDGE) console.log('ok')"; "node")]
#[test_case("go", "package main\nimport (\"fmt\";\"os\")\nfunc main() { if os.Getenv(\"ONLINE_JUDGE\") != \"\" { fmt.Println(\"ok\") } }"; "go")]
#[test_case("rust", "fn main(){ if cfg!(ONLINE_JUDGE) { println!(\"ok\") } }"; "rust")]
#[test_case("java", "class M{public static void main(String[] a){if(Boolean.getBoolean(\"ONLINE_JUDGE\"))System.out.println(\"ok\");}}"; "java")]
#[tokio::test]
async fn a_program_can_tell_that_it_is_judged_in(language: &str, source: &str) {
    runs(&Rig::new().await, language, &[("main", source.as_bytes())]).await;
}
