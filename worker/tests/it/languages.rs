//! Every language: a program that works, and one that the compiler refuses.

use gavel_model::{Limits, Verdict};
use test_case::test_case;

use crate::rig::{Program, Rig, stdout};

#[test_case("c", "#include <stdio.h>\nint main(){int a,b;scanf(\"%d%d\",&a,&b);printf(\"%d\\n\",a+b);}")]
#[test_case("cpp", "#include <bits/stdc++.h>\nint main(){int a,b;std::cin>>a>>b;std::cout<<a+b<<std::endl;}")]
#[test_case(
    "cpp17",
    "#include <bits/stdc++.h>\nint main(){int a,b;std::cin>>a>>b;std::cout<<a+b<<std::endl;static_assert(__cplusplus==201703L);}"
)]
#[test_case(
    "cpp23",
    "#include <bits/stdc++.h>\nint main(){int a,b;std::cin>>a>>b;std::cout<<a+b<<std::endl;static_assert(__cplusplus>202002L);}"
)]
#[test_case("go", "package main\nimport \"fmt\"\nfunc main(){var a,b int;fmt.Scan(&a,&b);fmt.Println(a+b)}")]
#[test_case(
    "rust",
    "fn main(){let mut s=String::new();std::io::stdin().read_line(&mut s).unwrap();println!(\"{}\",s.split_whitespace().map(|x|x.parse::<i32>().unwrap()).sum::<i32>())}"
)]
#[test_case(
    "java",
    "import java.util.*;public class Sum{public static void main(String[] a){var s=new Scanner(System.in);System.out.println(s.nextInt()+s.nextInt());}}"
)]
#[test_case(
    "node",
    "const [a,b]=require('fs').readFileSync(0,'utf8').split(' ').map(Number);console.log(a+b)"
)]
#[test_case("python", "print(sum(map(int,input().split())))")]
#[tokio::test]
async fn a_sum_is_right_in(language: &str, source: &str) {
    let rig = Rig::new().await;
    let result = rig.judge(&Program::new(language, source).stdin("3 4\n").submission()).await;
    assert_eq!(result.verdict, Verdict::Ac, "{result:#?}");
    assert_eq!(stdout(&result.tests[0]), "7\n");
    // Clients of other systems are told `release`; a patch of the distribution may raise its last number.
    let languages = gavel_model::language::Languages::load(&rig.config.languages.dir).unwrap();
    let release = languages.get(language).unwrap().release.clone().unwrap();
    let minor = release.splitn(3, '.').take(2).collect::<Vec<_>>().join(".");
    assert!(
        result.compiler.as_deref().is_some_and(|version| version.contains(&minor)),
        "{:?}",
        result.compiler
    );
    assert!(result.image.is_some_and(|image| image.starts_with("sha256:")));
}

#[test_case("c", "int main(){ return x; }", "x")]
#[test_case("cpp", "int main(){ return y; }", "y")]
#[test_case("go", "package main\nfunc main(){ z }", "z")]
#[test_case("rust", "fn main(){ w }", "w")]
#[test_case("java", "class Main{ void f(){ v } }", "v")]
#[test_case("node", "function (", "SyntaxError")]
#[test_case("python", "def (:\n", "SyntaxError")]
#[tokio::test]
async fn a_mistake_is_a_compile_error_that_says_where_in(language: &str, source: &str, said: &str) {
    let result = Rig::new().await.judge(&Program::new(language, source).submission()).await;
    assert_eq!(result.verdict, Verdict::Ce, "{result:#?}");
    assert!(result.tests.is_empty());
    let compile = result.compile.unwrap();
    assert!(compile.output.contains(said), "{}", compile.output);
    assert!(compile.exit_code.is_some_and(|code| code != 0));
}

const LETTERS: &str = "thầu ao ß Ω 数 😀";

#[test_case(
    "c",
    "#include <stdio.h>\nint main(void){char s[200];fgets(s,200,stdin);fputs(s,stdout);puts(\"ầ😀\");}"
)]
#[test_case(
    "cpp",
    "#include <bits/stdc++.h>\nint main(){std::string s;std::getline(std::cin,s);std::cout<<s<<\"\\nầ😀\\n\";}"
)]
#[test_case(
    "go",
    "package main\nimport (\"bufio\";\"fmt\";\"os\")\nfunc main(){ s,_ := bufio.NewReader(os.Stdin).ReadString('\\n'); fmt.Print(s); fmt.Println(\"ầ😀\") }"
)]
#[test_case(
    "rust",
    "fn main(){let mut s=String::new();std::io::stdin().read_line(&mut s).unwrap();print!(\"{}\",s);println!(\"ầ😀\");}"
)]
#[test_case(
    "java",
    "import java.util.*;class M{public static void main(String[] a){String größe=new Scanner(System.in).nextLine();System.out.println(größe);System.out.println(\"ầ😀\");}}"
)]
#[test_case(
    "node",
    "const l=require('fs').readFileSync(0,'utf8').split('\\n')[0];console.log(l);console.log('ầ😀')"
)]
#[test_case(
    "python",
    "import locale\nlocale.setlocale(locale.LC_ALL,'')\nlocale.setlocale(locale.LC_ALL,'en_US.UTF-8')\nprint(input())\nprint('ầ😀')"
)]
#[tokio::test]
async fn text_is_utf8_in(language: &str, source: &str) {
    let limits = Limits { cpu_ms: 3_000, wall_ms: 20_000, ..Limits::DEFAULT };
    let program = Program::new(language, source).stdin(format!("{LETTERS}\n")).limits(limits);
    let result = Rig::new().await.judge(&program.submission()).await;
    assert_eq!(result.verdict, Verdict::Ac, "{result:#?}");
    assert_eq!(stdout(&result.tests[0]), format!("{LETTERS}\nầ😀\n"));
}

#[test_case("print(len(str(10**5000)))", "", "5001\n"; "to text")]
#[test_case("print(int(input())%10)", &"7".repeat(6_000), "7\n"; "from text")]
#[test_case(&format!("print({} % 10)", "7".repeat(6_000)), "", "7\n"; "in the source")]
#[test_case("import subprocess,sys\nprint(subprocess.run([sys.executable,'-c','print(len(str(10**5000)))'],capture_output=True,text=True).stdout,end='')", "", "5001\n"; "in another process")]
#[tokio::test]
async fn a_python_number_may_have_any_length(source: &str, stdin: &str, wanted: &str) {
    let result = Rig::new().await.judge(&Program::python(source).stdin(stdin).submission()).await;
    assert_eq!(result.verdict, Verdict::Ac, "{result:#?}");
    assert_eq!(stdout(&result.tests[0]), wanted);
}

/// A table of objects with destructors costs GCC 14 time and memory that grow with its square.
#[tokio::test]
async fn a_table_of_two_thousand_objects_compiles() {
    let pairs: String = (0..2_000).map(|n| format!("{{\"word{n}\",{n}}},")).collect();
    let source = format!(
        "#include <bits/stdc++.h>\nstd::map<std::string,int> m={{{pairs}}};\nint main(){{std::cout<<m.size()<<'\\n';}}"
    );
    let result = Rig::new().await.judge(&Program::new("cpp", &source).submission()).await;
    assert_eq!(result.verdict, Verdict::Ac, "{result:#?}");
    assert_eq!(stdout(&result.tests[0]), "2000\n");
}
