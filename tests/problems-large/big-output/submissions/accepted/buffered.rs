use std::io::Write;

fn main() {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).unwrap();
    let n: u32 = line.trim().parse().unwrap();
    let mut out = std::io::BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
    for i in 1..=n {
        writeln!(out, "{i}").unwrap();
    }
    out.flush().unwrap();
}
