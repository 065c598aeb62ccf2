mod arith;

use std::io::Read;

fn main() {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).unwrap();
    let n: Vec<u64> = text.split_whitespace().map(|x| x.parse().unwrap()).collect();
    let g = arith::gcd(n[0], n[1]);
    println!("{} {}", g, n[0] / g * n[1]);
}
