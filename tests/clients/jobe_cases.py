# requires: nothing
"""Cases of Jobe's contract, each with the outcome that it has there, and the way in which Moodle's CodeRunner sends files."""
import base64
import hashlib
import json
import os
import urllib.error
import urllib.request

BASE = os.environ["PISTON_ROOT"] + "/jobe/index.php/restapi"
COMPILE, RUNTIME, TIME, SUCCESS, OVERLOAD = 11, 12, 13, 15, 21


def ask(method, path, body=None):
    request = urllib.request.Request(f"{BASE}/{path}", method=method)
    request.add_header("Content-Type", "application/json; charset=utf-8")
    request.add_header("Accept", "application/json")
    try:
        with urllib.request.urlopen(request, json.dumps(body).encode() if body is not None else None) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def run(**spec):
    return ask("POST", "runs", {"run_spec": spec})


C_SUM = '#include <stdio.h>\nint main(){int a,b;scanf("%d%d",&a,&b);printf("%d\\n",a+b);return 0;}'
FORKS = """#include <stdio.h>
#include <unistd.h>
int main(){ int n = 0; for (int k = 0; k < 100; k++) { int p = fork(); if (p < 0) break; if (p == 0) { pause(); return 0; } n++; }
printf("%d\\n", n); return 0; }"""
C_MALLOC = """#include <stdio.h>
#include <stdlib.h>
int main(){ void *volatile p = malloc(2147483648UL); puts(p ? "had" : "refused"); free(p); return 0; }"""
CPP_NEW = """#include <iostream>
#include <new>
int main(){ char *volatile p = new (std::nothrow) char[2147483648UL]; std::cout << (p ? "had" : "refused") << std::endl; delete[] p; }"""
JAVA = "public class Hello { public static void main(String[] a){ System.out.println(\"hi\"); } }"

# name, spec, outcome, what standard output is (None: whatever it is)
CASES = [
    ("python: hello", dict(language_id="python3", sourcecode="print('hi')"), SUCCESS, "hi\n"),
    ("python: input", dict(language_id="python3", sourcecode="print(input()[::-1])", input="abc\n"), SUCCESS, "cba\n"),
    ("python: no input is an end of file", dict(language_id="python3", sourcecode="import sys\nprint(repr(sys.stdin.read()))"), SUCCESS, "''\n"),
    ("python: UTF-8", dict(language_id="python3", sourcecode="print('Ω数😀')"), SUCCESS, "Ω数😀\n"),
    ("python: bytes that are no text", dict(language_id="python3", sourcecode="import sys\nsys.stdout.buffer.write(b'a\\xff\\x00\\n')"), SUCCESS, "a\\xff\\x00\n"),
    ("python: syntax error", dict(language_id="python3", sourcecode="print("), COMPILE, ""),
    ("python: exception", dict(language_id="python3", sourcecode="print(1)\nraise ValueError"), RUNTIME, "1\n"),
    ("python: standard error alone", dict(language_id="python3", sourcecode="import sys\nprint('x', file=sys.stderr)"), RUNTIME, ""),
    ("python: the exit code does not count", dict(language_id="python3", sourcecode="import sys\nprint(1)\nsys.exit(3)"), SUCCESS, "1\n"),
    ("python: time limit", dict(language_id="python3", sourcecode="while True: pass", parameters={"cputime": 1}), TIME, ""),
    ("python: sleeping beyond the wall limit", dict(language_id="python3", sourcecode="import time\ntime.sleep(30)", parameters={"cputime": 1}), TIME, ""),
    ("python: endless output", dict(language_id="python3", sourcecode="while True: print('x' * 1000)", parameters={"cputime": 5, "streamsize": 0.1}), TIME, None),
    ("python: memory", dict(language_id="python3", sourcecode="x = bytearray(600 << 20)\nprint(len(x))", parameters={"memorylimit": 100}), RUNTIME, ""),
    ("python: arguments", dict(language_id="python3", sourcecode="import sys\nprint(sys.argv[1:])", parameters={"runargs": ["a b", "c"]}), SUCCESS, "['a b', 'c']\n"),
    ("python: CodeRunner's file name", dict(language_id="python3", sourcecode="print(__file__.rsplit('/')[-1])", sourcefilename="__tester__.python3"), SUCCESS, "__tester__.python3\n"),
    ("c: hello", dict(language_id="c", sourcecode='#include <stdio.h>\nint main(){puts("hi");return 0;}'), SUCCESS, "hi\n"),
    ("c: input", dict(language_id="c", sourcecode=C_SUM, input="3 4\n"), SUCCESS, "7\n"),
    ("c: syntax error", dict(language_id="c", sourcecode="int main(){ return x; }"), COMPILE, ""),
    ("c: a warning is an error", dict(language_id="c", sourcecode="int main(){ int unused; return 0; }"), COMPILE, ""),
    ("c: unless the arguments say otherwise", dict(language_id="c", sourcecode="int main(){ int unused; return 0; }", parameters={"compileargs": []}), SUCCESS, ""),
    ("c: segfault", dict(language_id="c", sourcecode="int main(){ *(volatile int*)0 = 1; return 0; }"), RUNTIME, ""),
    ("c: time limit", dict(language_id="c", sourcecode="int main(){ for(;;); }", parameters={"cputime": 1}), TIME, ""),
    ("c: the math library", dict(language_id="c", sourcecode='#include <stdio.h>\n#include <math.h>\nint main(int n, char **v){(void)v;printf("%.0f\\n",sqrt(n*16));return 0;}', parameters={"linkargs": ["-lm"]}), SUCCESS, "4\n"),
    ("c: language names are in any case", dict(language_id="C", sourcecode="int main(){return 0;}"), SUCCESS, ""),
    ("c: processes", dict(language_id="c", sourcecode=FORKS, parameters={"numprocs": 20, "compileargs": ["-O1"]}), SUCCESS, None),
    ("c: more memory than there is", dict(language_id="c", sourcecode=C_MALLOC), SUCCESS, "refused\n"),
    ("c: memory that is stated", dict(language_id="c", sourcecode=C_MALLOC.replace("2147483648UL", "150000000"), parameters={"memorylimit": 100}), SUCCESS, "refused\n"),
    ("c: no limit of memory", dict(language_id="c", sourcecode=C_MALLOC, parameters={"memorylimit": 0}), SUCCESS, "had\n"),
    ("cpp: more memory than there is", dict(language_id="cpp", sourcecode=CPP_NEW), SUCCESS, "refused\n"),
    ("cpp: hello", dict(language_id="cpp", sourcecode='#include <iostream>\nint main(){std::cout<<"hi"<<std::endl;}'), SUCCESS, "hi\n"),
    ("cpp: syntax error", dict(language_id="cpp", sourcecode="int main(){ return y; }"), COMPILE, ""),
    ("cpp: exception", dict(language_id="cpp", sourcecode="int main(){ throw 7; }"), RUNTIME, ""),
    ("java: hello, a class of any name", dict(language_id="java", sourcecode=JAVA), SUCCESS, "hi\n"),
    ("java: CodeRunner's file name", dict(language_id="java", sourcecode=JAVA, sourcefilename="Hello.java"), SUCCESS, "hi\n"),
    ("java: its address space is its own", dict(language_id="java", sourcecode=JAVA, parameters={"memorylimit": 200}), SUCCESS, "hi\n"),
    ("java: error", dict(language_id="java", sourcecode="public class A { x }"), COMPILE, ""),
    ("java: exception", dict(language_id="java", sourcecode="public class A { public static void main(String[] a){ throw new RuntimeException(); } }"), RUNTIME, ""),
    ("nodejs: hello", dict(language_id="nodejs", sourcecode="console.log('hi')"), SUCCESS, "hi\n"),
    ("nodejs: its address space is its own", dict(language_id="nodejs", sourcecode="console.log('hi')", parameters={"memorylimit": 200}), SUCCESS, "hi\n"),
    ("nodejs: exception", dict(language_id="nodejs", sourcecode="throw new Error('x')"), RUNTIME, ""),
]

wrong = []
for name, spec, outcome, stdout in CASES:
    status, text = run(**spec)
    told = json.loads(text)
    if status != 200 or told["outcome"] != outcome or (stdout is not None and told["stdout"] != stdout):
        wrong.append((name, status, told))
assert not wrong, "\n".join(map(str, wrong))
print(f"ok: {len(CASES)} cases")

data = b"1 2 3\n"
file = hashlib.md5(data).hexdigest()
spec = dict(
    language_id="python3",
    sourcecode="print(sum(map(int, open('data.txt').read().split())))",
    sourcefilename="__tester__.python3",
    input="\n",
    file_list=[[file, "data.txt", False]],
    parameters={"cputime": 5, "memorylimit": 200},
)
assert run(**spec)[0] == 404
assert ask("PUT", f"files/{file}", {"file_contents": base64.b64encode(data).decode()}) == (204, b"")
assert ask("HEAD", f"files/{file}")[0] == 204
status, text = run(**spec)
told = json.loads(text)
assert (status, told["outcome"], told["stdout"]) == (200, SUCCESS, "6\n"), told
print("ok: run, 404, PUT, run")
languages = dict(json.loads(ask("GET", "languages")[1]))
assert languages.keys() >= {"c", "cpp", "java", "nodejs", "python3"}, languages
print("ok: languages")
