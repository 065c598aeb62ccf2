//! Which class a Java program begins with, whatever its classes and files are called.

use gavel_model::Verdict;
use test_case::test_case;

use crate::rig::{Rig, stdout, submission_of};

fn printing(class: &str, text: &str) -> String {
    format!("{class} {{ public static void main(String[] a) {{ System.out.println(\"{text}\"); }} }}\n")
}

async fn prints(files: &[(&str, &str)], wanted: &str) {
    let files: Vec<_> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    let result = Rig::new().await.judge(&submission_of("java", &files)).await;
    assert_eq!(result.verdict, Verdict::Ac, "{result:#?}");
    assert_eq!(stdout(&result.tests[0]), format!("{wanted}\n"));
}

#[test_case(&[("class Brute", "brute"), ("public class Solution", "public")], "public"; "the public one")]
#[test_case(&[("public class Solution", "public"), ("class Main", "main")], "public"; "the public one before Main")]
#[test_case(&[("class Brute", "brute"), ("class Main", "main")], "main"; "Main when none is public")]
#[test_case(&[("class First", "first"), ("class Second", "second")], "first"; "the first when nothing tells")]
#[test_case(&[("package org.example;\npublic class Hello", "package")], "package"; "in a package")]
#[test_case(&[("interface App", "interface")], "interface"; "an interface")]
#[test_case(&[("public class Größe", "letters")], "letters"; "letters outside ASCII")]
#[tokio::test]
async fn of_several_classes_it_begins_with(classes: &[(&str, &str)], wanted: &str) {
    let source: String = classes.iter().map(|(class, text)| printing(class, text)).collect();
    prints(&[("Main.java", &source)], wanted).await;
}

#[test_case("class Base { public static void main(String[] a) { System.out.println(\"base\"); } }\npublic class Main extends Base { }", "base"; "inherited")]
#[test_case("void main() { IO.println(\"compact\"); }", "compact"; "without a class")]
#[test_case("public class Main { static class String {} public static void main(java.lang.String[] a) { System.out.println(\"own\"); } }", "own"; "beside a class of its own called String")]
#[tokio::test]
async fn the_main_method_may_be(source: &str, wanted: &str) {
    prints(&[("Main.java", source)], wanted).await;
}

#[tokio::test]
async fn the_entry_file_comes_before_the_others() {
    let (solver, brute) =
        (printing("public class Solver", "solver"), printing("public class Brute", "brute"));
    prints(&[("Solver.java", &solver), ("Brute.java", &brute)], "solver").await;
    prints(&[("Brute.java", &brute), ("Solver.java", &solver)], "brute").await;
    let helper = "package geo; public class Point { public int x = 4; }";
    let main = "package app; public class Run { public static void main(String[] a) { System.out.println(new geo.Point().x); } }";
    prints(&[("geo/Point.java", helper), ("app/Run.java", main)], "4").await;
}

#[test_case("my sum.java"; "a blank")]
#[test_case("1.java"; "a number")]
#[test_case("import.java"; "a keyword")]
#[test_case("a.b.java"; "dots")]
#[test_case("solution.txt"; "another extension")]
#[test_case("solution"; "no extension")]
#[tokio::test]
async fn a_program_without_a_class_may_be_in_a_file_called(name: &str) {
    prints(&[(name, "void main() { IO.println(\"compact\"); }")], "compact").await;
}

#[test_case("", "no class has a main method"; "nothing")]
#[test_case("class Point { int x; }", "no class has a main method"; "no main")]
#[test_case("\u{feff}class Main { int x = y; }", "Main.java:1"; "a mistake behind a byte order mark")]
#[tokio::test]
async fn what_is_no_program_is_told(source: &str, said: &str) {
    let result = Rig::new().await.judge(&submission_of("java", &[("Main.java", source.as_bytes())])).await;
    assert_eq!(result.verdict, Verdict::Ce, "{result:#?}");
    let output = result.compile.unwrap().output;
    assert!(output.contains(said), "{output}");
}
