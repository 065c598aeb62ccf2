//! Memory that a runtime could not have is `MLE`, and nothing that only speaks of memory is.

use gavel_model::{LimitHit, Limits, Verdict};
use test_case::test_case;

use crate::rig::{Program, Rig, stdout};

const SMALL: Limits = Limits { memory_mb: 64, cpu_ms: 8_000, wall_ms: 30_000, ..Limits::DEFAULT };

#[test_case("java", "import java.util.*;class M{public static void main(String[] a){List<long[]> l=new ArrayList<>();while(true)l.add(new long[100000]);}}"; "java, a list")]
#[test_case("java", "class M{static int[] q=new int[1<<28];public static void main(String[] a){}}"; "java, one array")]
#[test_case("java", "import java.util.*;class M{public static void main(String[] a)throws Exception{Thread t=new Thread(()->{List<long[]> l=new ArrayList<>();while(true)l.add(new long[100000]);});t.start();t.join();System.exit(1);}}"; "java, another thread")]
#[test_case("java", "import java.util.*;import java.nio.*;class M{public static void main(String[] a){List<ByteBuffer> l=new ArrayList<>();while(true)l.add(ByteBuffer.allocateDirect(1<<20));}}"; "java, direct buffers")]
#[test_case("java", "import java.util.concurrent.*;class M{public static void main(String[] a)throws Exception{var e=Executors.newFixedThreadPool(1);try{e.submit(()->new long[1<<28].length).get();}finally{e.shutdown();}}}"; "java, a future")]
#[test_case("node", "const l=[];while(true)l.push(new Array(100000).fill(1.5))"; "node, arrays")]
#[test_case("node", "new ArrayBuffer(2**45)"; "node, one buffer")]
#[test_case("node", "const {Worker}=require('worker_threads');new Worker('const l=[];while(true)l.push(new Array(100000).fill(1.5))',{eval:true})"; "node, a worker")]
#[test_case("python", "x=[0]*(10**13)"; "python, one list")]
#[test_case("python", "import sys\nsys.stderr.write('d'*200000)\nx=[0]*(10**13)"; "python, behind a log")]
#[test_case("python", "l=[]\nwhile True: l.append('x'*100000)"; "python, a list")]
#[test_case("go", "package main\nvar n = 1<<45\nfunc main(){b:=make([]byte,n);println(len(b))}"; "go, one slice")]
#[test_case("rust", "fn main(){let n=std::hint::black_box(1usize<<60);let v=vec![1u8;n];println!(\"{}\",v[n/2]);}"; "rust, one vector")]
#[test_case("cpp", "#include <new>\nint main(){volatile unsigned long n=1ul<<60;char*p=new char[n];return p[0];}"; "cpp, one array")]
#[tokio::test]
async fn memory_that_was_refused_is_mle(language: &str, source: &str) {
    let report = Rig::new().await.run(Program::new(language, source).limits(SMALL)).await;
    assert_eq!((report.verdict, report.limit), (Verdict::Mle, Some(LimitHit::Memory)), "{report:#?}");
}

#[test_case("python", "import sys\nprint('MemoryError', file=sys.stderr)\nsys.exit(1)"; "python, printed")]
#[test_case("python", "raise MemoryError"; "python, raised by hand")]
#[test_case("python", "x = {}\nx['MemoryError']"; "python, the guilty line")]
#[test_case("python", "int('MemoryError')"; "python, an input")]
#[test_case("java", "class M{public static void main(String[] a){throw new IllegalStateException(\"java.lang.OutOfMemoryError: Java heap space\");}}"; "java, in a text")]
#[test_case("java", "class M{public static void main(String[] a){try{Object o=new long[Integer.MAX_VALUE];}catch(OutOfMemoryError e){e.printStackTrace();}int[] x=new int[1];x[3]=1;}}"; "java, caught before another failure")]
#[test_case("node", "throw new Error('JavaScript heap out of memory')"; "node, in a text")]
#[test_case("go", "package main\nfunc main(){panic(\"fatal error: out of memory\")}"; "go, in a text")]
#[test_case("cpp", "#include <new>\nint main(){volatile int n=-1;int*p=new int[n];return p[0];}"; "cpp, a negative length")]
#[tokio::test]
async fn what_only_speaks_of_memory_is_rte(language: &str, source: &str) {
    let report = Rig::new().await.run(Program::new(language, source).limits(SMALL)).await;
    assert_eq!((report.verdict, report.limit), (Verdict::Rte, None), "{report:#?}");
}

#[test_case("java", "class M{public static void main(String[] a){try{Object o=new long[1<<28];}catch(OutOfMemoryError e){System.out.println(\"small\");}}}"; "java")]
#[test_case("python", "try:\n    x=[0]*(10**13)\nexcept MemoryError:\n    print('small')"; "python")]
#[test_case("node", "try{new ArrayBuffer(2**45)}catch(e){console.log('small')}"; "node")]
#[test_case("cpp", "#include <cstdio>\n#include <new>\nchar*volatile kept;\nint main(){try{volatile unsigned long n=1ul<<60;kept=new char[n];kept[0]=1;}catch(std::bad_alloc&){puts(\"small\");}}"; "cpp")]
#[tokio::test]
async fn memory_that_was_refused_and_done_without_is_no_failure(language: &str, source: &str) {
    let report = Rig::new().await.run(Program::new(language, source).limits(SMALL)).await;
    assert_eq!((report.verdict, stdout(&report).as_str()), (Verdict::Ac, "small\n"), "{report:#?}");
}

/// Threads wait for one that nobody starts, and are daemons where they would hold up the end.
#[test_case("python", "import threading\ne=threading.Event()\nfor i in range(500): threading.Thread(target=e.wait,daemon=True).start()"; "python")]
#[test_case("java", "class M{public static void main(String[] a){for(int i=0;i<500;i++){Thread t=new Thread(()->{try{Thread.sleep(60000);}catch(Exception e){}});t.setDaemon(true);t.start();}}}"; "java")]
#[test_case("node", "const {Worker}=require('worker_threads');for(let i=0;i<200;i++)new Worker('setInterval(()=>{},1e6)',{eval:true})"; "node")]
#[test_case("go", "package main\nimport (\"os\";\"runtime\")\nfunc main(){for i:=0;i<500;i++{go func(){runtime.LockOSThread();b:=make([]byte,1);os.NewFile(3,\"\").Read(b);select{}}()};select{}}"; "go")]
#[test_case("rust", "fn main(){for _ in 0..500{std::thread::spawn(||std::thread::park());}}"; "rust")]
#[test_case("cpp", "#include <thread>\n#include <vector>\n#include <unistd.h>\nint main(){std::vector<std::thread> t;for(int i=0;i<500;i++)t.emplace_back([]{pause();});}"; "cpp")]
#[tokio::test]
async fn threads_that_were_refused_are_rte(language: &str, source: &str) {
    let limits = Limits { processes: 32, cpu_ms: 8_000, wall_ms: 30_000, ..Limits::DEFAULT };
    let report = Rig::new().await.run(Program::new(language, source).limits(limits)).await;
    assert_eq!((report.verdict, report.limit), (Verdict::Rte, None), "{report:#?}");
}

/// A virtual machine goes on as long as one of its threads does, whatever became of the others.
#[tokio::test]
async fn java_threads_that_go_on_after_a_refusal_end_by_the_wall_limit() {
    let source = "class M{public static void main(String[] a){for(int i=0;i<500;i++)new Thread(()->{try{Thread.sleep(60000);}catch(Exception e){}}).start();}}";
    let limits = Limits { processes: 32, cpu_ms: 8_000, wall_ms: 6_000, ..Limits::DEFAULT };
    let report = Rig::new().await.run(Program::new("java", source).limits(limits)).await;
    assert_eq!((report.verdict, report.limit), (Verdict::Tle, Some(LimitHit::Wall)), "{report:#?}");
    let said = report.stderr.unwrap().lossy();
    assert!(said.contains("unable to create native thread"), "{said}");
}

const GO_HEAP: &str = "package main\nimport \"fmt\"\nvar keep [][]byte\nfunc main(){for i:=0;i<150;i++{b:=make([]byte,1<<20);for j:=0;j<len(b);j+=4096{b[j]=1};keep=append(keep,b)};s:=0;for i:=0;i<1500;i++{t:=make([]byte,1<<20);for j:=0;j<len(t);j+=4096{t[j]=1};s+=len(t)};fmt.Println(len(keep),s>0)}";
const JAVA_HEAP: &str = "import java.util.*;class M{public static void main(String[] a){List<byte[]> k=new ArrayList<>();for(int i=0;i<150;i++)k.add(new byte[1<<20]);long s=0;for(int i=0;i<1500;i++)s+=new byte[1<<20].length;System.out.println(k.size()+\" \"+(s>0));}}";
const NODE_HEAP: &str = "const k=[];for(let i=0;i<150;i++)k.push(new Array(131072).fill(i+0.5));let s=0;for(let i=0;i<1000;i++)s+=new Array(131072).fill(0.5).length;console.log(k.length,s>0)";

/// 150 MiB that stay and ten times as much that does not, at 256 MiB: collectors know the limit.
#[test_case("go", GO_HEAP)]
#[test_case("java", JAVA_HEAP)]
#[test_case("node", NODE_HEAP)]
#[tokio::test]
async fn a_collector_keeps_garbage_below_the_limit_in(language: &str, source: &str) {
    let limits = Limits { cpu_ms: 15_000, wall_ms: 60_000, ..Limits::DEFAULT };
    let report = Rig::new().await.run(Program::new(language, source).limits(limits)).await;
    assert_eq!((report.verdict, stdout(&report).as_str()), (Verdict::Ac, "150 true\n"), "{report:#?}");
}
