//! Standard input is a file: the idioms that need one, in every language.

use gavel_model::Limits;
use gavel_model::Verdict;
use test_case::test_case;

use crate::rig::{Program, Rig, stdout};

const COUNT: u64 = 30_000;

fn numbers() -> String {
    (0..COUNT).map(|number| format!("{number}\n")).collect()
}

const C_SUM: &str =
    "long t=0,x=0;for(long i=0;i<n;i++)if(p[i]=='\\n'){t+=x;x=0;}else x=x*10+p[i]-48;printf(\"%ld\\n\",t);";
const C_HEAD: &str = "#include <stdio.h>\n#include <stdlib.h>\n#include <unistd.h>\n#include <sys/mman.h>\n#include <sys/stat.h>\n";

#[test_case("c", "struct stat s;fstat(0,&s);long n=s.st_size;char*p=mmap(0,n+1,PROT_READ,MAP_PRIVATE,0,0);SUM"; "c fstat and a private mapping")]
#[test_case("c", "long n=lseek(0,0,SEEK_END);char*p=mmap(0,n,PROT_READ,MAP_SHARED,0,0);SUM"; "c lseek and a shared mapping")]
#[test_case("c", "fseek(stdin,0,SEEK_END);long n=ftell(stdin);rewind(stdin);char*p=malloc(n+1);fread(p,1,n,stdin);SUM"; "c ftell and rewind")]
#[test_case("c", "char*p=malloc(1<<25);long n=read(0,p,1<<25);SUM"; "c one read")]
#[test_case("c", "struct stat s;fstat(0,&s);if(!S_ISREG(s.st_mode))return 1;long n=s.st_size;char*p=malloc(n);if(pread(0,p,n,0)!=n)return 2;SUM"; "c pread")]
#[test_case("c", "freopen(\"/dev/stdin\",\"r\",stdin);char*p=malloc(1<<20);long n=fread(p,1,1<<20,stdin);SUM"; "c freopen")]
#[test_case("cpp", "#include <bits/stdc++.h>\nint main(){std::cin.seekg(0,std::ios::end);long n=std::cin.tellg();std::cin.seekg(0);std::string s(n,0);std::cin.read(&s[0],n);std::istringstream i(s);long t=0,x;while(i>>x)t+=x;std::cout<<t<<'\\n';}"; "cpp tellg")]
#[test_case("python", "import io,os\ninput=io.BytesIO(os.read(0,os.fstat(0).st_size)).readline\nprint(sum(int(input()) for _ in range(30000)))"; "python BytesIO of fstat size")]
#[test_case("python", "import os\nprint(sum(map(int,os.read(0,10**8).split())))"; "python one read")]
#[test_case("python", "import mmap\nm=mmap.mmap(0,0,prot=mmap.PROT_READ)\nprint(sum(map(int,m.read().split())))"; "python mmap")]
#[test_case("python", "import sys\na=sys.stdin.read()\nsys.stdin.seek(0)\nassert a==sys.stdin.read()\nprint(sum(map(int,a.split())))"; "python read twice")]
#[test_case("go", "package main\nimport (\"bytes\";\"fmt\";\"io\";\"os\";\"strconv\")\nfunc main(){s,_:=os.Stdin.Stat();b:=make([]byte,s.Size());io.ReadFull(os.Stdin,b);t:=0;for _,f:=range bytes.Fields(b){x,_:=strconv.Atoi(string(f));t+=x};fmt.Println(t)}"; "go Stat Size")]
#[test_case("go", "package main\nimport (\"fmt\";\"os\";\"strings\";\"strconv\";\"syscall\")\nfunc main(){s,_:=os.Stdin.Stat();b,e:=syscall.Mmap(0,0,int(s.Size()),syscall.PROT_READ,syscall.MAP_SHARED);if e!=nil{panic(e)};t:=0;for _,f:=range strings.Fields(string(b)){x,_:=strconv.Atoi(f);t+=x};fmt.Println(t)}"; "go mmap")]
#[test_case("rust", "use std::io::{Read,Seek};use std::os::fd::FromRawFd;fn main(){let mut f=unsafe{std::fs::File::from_raw_fd(0)};let n=f.metadata().unwrap().len();let mut s=String::with_capacity(n as usize);f.read_to_string(&mut s).unwrap();f.rewind().unwrap();let mut again=String::new();f.read_to_string(&mut again).unwrap();assert_eq!(s,again);println!(\"{}\",s.lines().map(|l|l.parse::<u64>().unwrap()).sum::<u64>());}"; "rust metadata and rewind")]
#[test_case("java", "public class Main{public static void main(String[] a)throws Exception{byte[] b=new byte[System.in.available()];int n=System.in.read(b);long t=0;for(String s:new String(b,0,n).trim().split(\"\\\\s+\"))t+=Long.parseLong(s);System.out.println(t);}}"; "java available")]
#[test_case("java", "import java.io.*;import java.nio.*;import java.nio.channels.*;public class Main{public static void main(String[] a)throws Exception{FileChannel c=new FileInputStream(FileDescriptor.in).getChannel();ByteBuffer m=c.map(FileChannel.MapMode.READ_ONLY,0,c.size());byte[] b=new byte[m.remaining()];m.get(b);long t=0;for(String s:new String(b).trim().split(\"\\\\s+\"))t+=Long.parseLong(s);System.out.println(t);}}"; "java map")]
#[test_case("node", "const b=Buffer.alloc(1<<20);const n=require('fs').readSync(0,b);let t=0;for(const x of b.toString('utf8',0,n).trim().split('\\n'))t+=+x;console.log(t)"; "node one readSync")]
#[test_case("node", "const fs=require('fs');const b=Buffer.alloc(fs.fstatSync(0).size);fs.readSync(0,b,0,b.length,0);let t=0;for(const x of b.toString().trim().split('\\n'))t+=+x;console.log(t)"; "node fstat and a position")]
#[test_case("node", "let t=0;require('readline').createInterface({input:process.stdin}).on('line',l=>t+=+l).on('close',()=>console.log(t))"; "node readline")]
#[tokio::test]
async fn an_input_can_be_used_as_a_file(language: &str, source: &str) {
    let source = match language {
        "c" => format!("{C_HEAD}int main(void){{{}}}", source.replace("SUM", C_SUM)),
        _ => source.to_owned(),
    };
    let report = Rig::new().await.run(Program::new(language, &source).stdin(numbers())).await;
    assert_eq!(stdout(&report), format!("{}\n", COUNT * (COUNT - 1) / 2), "{report:?}");
}

/// A file is no pipe: asyncio refuses to make a transport of it, as it does where a shell redirects one.
#[test_case("import asyncio,sys\nasync def main():\n    reader=asyncio.StreamReader()\n    protocol=asyncio.StreamReaderProtocol(reader)\n    await asyncio.get_running_loop().connect_read_pipe(lambda:protocol,sys.stdin)\n    print((await reader.readline()).decode())\nasyncio.run(main())", Verdict::Rte; "connect_read_pipe")]
#[test_case("import asyncio,sys\nasync def main():\n    line=await asyncio.get_running_loop().run_in_executor(None,sys.stdin.readline)\n    print(line)\nasyncio.run(main())", Verdict::Ac; "run_in_executor")]
#[tokio::test]
async fn asyncio_reads_its_input_by(source: &str, verdict: Verdict) {
    let report = Rig::new().await.run(Program::python(source).stdin("a line\n")).await;
    assert_eq!(report.verdict, verdict, "{report:?}");
    match verdict {
        Verdict::Ac => assert_eq!(stdout(&report).trim(), "a line", "{report:?}"),
        _ => {
            let said = report.stderr.as_ref().unwrap().lossy();
            assert!(said.contains("Pipe transport is for pipes/sockets only"), "{said}");
        }
    }
}

/// The end of the input comes at once, with and without a byte before it.
#[test_case("c", "#include <stdio.h>\nint main(void){int n=0;while(getchar()!=EOF)n++;printf(\"%d\\n\",n);}")]
#[test_case("python", "import sys\nprint(len(sys.stdin.read()))")]
#[test_case(
    "node",
    "let n=0;process.stdin.on('data',d=>n+=d.length);process.stdin.on('end',()=>console.log(n))"
)]
#[test_case(
    "go",
    "package main\nimport (\"fmt\";\"io\";\"os\")\nfunc main(){b,_:=io.ReadAll(os.Stdin);fmt.Println(len(b))}"
)]
#[test_case(
    "java",
    "public class Main{public static void main(String[] a)throws Exception{System.out.println(System.in.readAllBytes().length);}}"
)]
#[test_case(
    "rust",
    "use std::io::Read;fn main(){let mut s=vec![];std::io::stdin().read_to_end(&mut s).unwrap();println!(\"{}\",s.len());}"
)]
#[tokio::test]
async fn an_empty_input_ends_at_once_in(language: &str, source: &str) {
    let rig = Rig::new().await;
    for input in ["", "x"] {
        let report = rig.run(Program::new(language, source).stdin(input)).await;
        assert_eq!(stdout(&report), format!("{}\n", input.len()), "{report:?}");
    }
}

/// With room for inputs that requests may not have by default.
async fn roomy() -> Rig {
    Rig::with(|config| (config.bounds.input, config.bounds.total) = (128 << 20, 256 << 20)).await
}

#[tokio::test]
async fn an_input_is_not_the_programs_memory() {
    let source = r#"
        #include <stdio.h>
        #include <unistd.h>
        #include <sys/mman.h>
        #include <sys/stat.h>
        int main(void){ struct stat s; fstat(0,&s); volatile char *p=mmap(0,s.st_size,PROT_READ,MAP_SHARED,0,0); long t=0;
          for(long i=0;i<s.st_size;i+=4096) t+=p[i]; usleep(100000); printf("%ld\n",t>0); }
    "#;
    let input = vec![b'x'; 60_000_000];
    let small = Limits { memory_mb: 16, ..Limits::DEFAULT };
    let report = roomy().await.run(Program::c(source).stdin(input).limits(small)).await;
    assert_eq!((report.verdict, stdout(&report).as_str()), (Verdict::Ac, "1\n"), "{report:?}");
    assert!(report.memory_bytes < 16 << 20, "{report:?}");
}

#[tokio::test]
async fn an_input_too_long_for_memory_is_read_in_full_too() {
    let source = "#include <stdio.h>\n#include <sys/stat.h>\nint main(void){static char b[65536];unsigned long n=0;size_t k;struct stat s;fstat(0,&s);while((k=fread(b,1,sizeof b,stdin))>0)n+=k;printf(\"%lu %d\\n\",n,S_ISFIFO(s.st_mode));}";
    let input = vec![b'x'; 70_000_000];
    let report = roomy().await.run(Program::c(source).stdin(input)).await;
    assert_eq!(stdout(&report), "70000000 1\n", "{report:?}");
}

#[tokio::test]
async fn an_input_cannot_be_changed_by_the_program() {
    let source = "import os\ntry:\n  os.chmod('/dev/stdin', 0o666)\n  os.write(os.open('/dev/stdin', os.O_RDWR), b'evil')\nexcept OSError: pass\ntry: os.truncate('/proc/self/fd/0', 0)\nexcept OSError: pass\nprint(open(0).read())\n";
    let report = Rig::new().await.run(Program::python(source).stdin("as it was")).await;
    assert_eq!(stdout(&report), "as it was\n", "{report:?}");
}
