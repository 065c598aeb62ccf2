use std::io;

fn main() {
    let numbers: Vec<u64> = io::stdin().lines().map(|line| line.unwrap().parse().unwrap()).collect();
    println!("{} {}", numbers.len(), numbers.iter().sum::<u64>());
}
