use std::io::Read;

// Prints the right answer twice: one token too many.
fn main() {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).unwrap();
    let sum: i64 = text.split_whitespace().skip(1).map(|x| x.parse::<i64>().unwrap()).sum();
    println!("{sum}\n{sum}");
}
