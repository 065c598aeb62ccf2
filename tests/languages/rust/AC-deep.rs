use std::hint::black_box;
use std::io;

#[inline(never)]
fn down(n: u64) -> u64 {
    if n == 0 { 0 } else { 1 + down(black_box(n) - 1) }
}

fn main() {
    let depth = io::read_to_string(io::stdin()).unwrap().trim().parse().unwrap();
    println!("{}", down(depth));
}
