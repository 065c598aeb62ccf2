use std::io::{stdin, stdout, BufRead, Write};

fn main() {
    let mut lines = stdin().lock().lines();
    let n: usize = lines.next().unwrap().unwrap().parse().unwrap();
    let mut out = stdout().lock();
    for _ in 0..n {
        let x: u64 = lines.next().unwrap().unwrap().parse().unwrap();
        writeln!(out, "{}", x + 1).unwrap();
        out.flush().unwrap();
    }
}
