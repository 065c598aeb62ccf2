//! The programs that are judged, and what a person would type to run them.

/// A program of a language.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// What it is called in the figures.
    pub name: &'static str,
    /// The language's id.
    pub language: &'static str,
    /// The file it is in.
    pub file: &'static str,
    /// Its text. It adds two numbers.
    pub text: &'static str,
    /// How a line of comment begins.
    pub comment: &'static str,
    /// The command that compiles it, if there is one.
    pub compile: Option<&'static str>,
    /// The command that runs it.
    pub run: &'static str,
}

/// What each program reads.
pub const INPUT: &str = "3 4\n";
/// What it answers.
pub const ANSWER: &str = "7\n";

/// The smallest program there is: nearly all of its cost is ours.
pub const TINY: Sample = SAMPLES[0];
/// A native program that does nothing.
pub const NATIVE: Sample = SAMPLES[2];

/// All of them. The commands stand for what people type: no precompiled header, no cache.
pub const SAMPLES: [Sample; 8] = [
    Sample {
        name: "Python",
        language: "python",
        file: "main.py",
        text: "print(sum(map(int, input().split())))\n",
        comment: "#",
        compile: None,
        run: "python3 -B /app/work/main.py",
    },
    Sample {
        name: "Node",
        language: "node",
        file: "main.js",
        text: "const [a, b] = require('fs').readFileSync(0, 'utf8').split(' ').map(Number);\nconsole.log(a + b);\n",
        comment: "//",
        compile: None,
        run: "node /app/work/main.js",
    },
    Sample {
        name: "C",
        language: "c",
        file: "main.c",
        text: "#include <stdio.h>\nint main(void) { int a, b; scanf(\"%d%d\", &a, &b); printf(\"%d\\n\", a + b); }\n",
        comment: "//",
        compile: Some("gcc -O2 -o /tmp/out/main /app/work/main.c"),
        run: "/tmp/out/main",
    },
    Sample {
        name: "C++, <iostream>",
        language: "cpp",
        file: "main.cpp",
        text: "#include <iostream>\nint main() { int a, b; std::cin >> a >> b; std::cout << a + b << '\\n'; }\n",
        comment: "//",
        compile: Some("g++ -O2 -std=gnu++20 -o /tmp/out/main /app/work/main.cpp"),
        run: "/tmp/out/main",
    },
    Sample {
        name: "C++, <bits/stdc++.h>",
        language: "cpp",
        file: "main.cpp",
        text: "#include <bits/stdc++.h>\nint main() { int a, b; std::cin >> a >> b; std::cout << a + b << '\\n'; }\n",
        comment: "//",
        compile: Some("g++ -O2 -std=gnu++20 -o /tmp/out/main /app/work/main.cpp"),
        run: "/tmp/out/main",
    },
    Sample {
        name: "Java",
        language: "java",
        file: "Main.java",
        text: "import java.util.*;\npublic class Main {\n  public static void main(String[] args) {\n    var in = new Scanner(System.in);\n    System.out.println(in.nextInt() + in.nextInt());\n  }\n}\n",
        comment: "//",
        compile: Some("javac -d /tmp/out /app/work/Main.java"),
        run: "java -cp /tmp/out Main",
    },
    Sample {
        name: "Rust",
        language: "rust",
        file: "main.rs",
        text: "fn main() {\n    let mut line = String::new();\n    std::io::stdin().read_line(&mut line).unwrap();\n    println!(\"{}\", line.split_whitespace().map(|n| n.parse::<i64>().unwrap()).sum::<i64>());\n}\n",
        comment: "//",
        compile: Some("rustc -O -o /tmp/out/main /app/work/main.rs"),
        run: "/tmp/out/main",
    },
    Sample {
        name: "Go",
        language: "go",
        file: "main.go",
        text: "package main\n\nimport \"fmt\"\n\nfunc main() {\n\tvar a, b int\n\tfmt.Scan(&a, &b)\n\tfmt.Println(a + b)\n}\n",
        comment: "//",
        compile: Some("go build -o /tmp/out/main /app/work/main.go"),
        run: "/tmp/out/main",
    },
];

impl Sample {
    /// Its text with a line that no other has.
    pub fn unseen(&self) -> String {
        format!("{}{} {:032x}\n", self.text, self.comment, rand::random::<u128>())
    }
}
