use std::io::Read;

fn main() {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).unwrap();
    let words: Vec<&str> = text.split_whitespace().collect();
    if words[0] == "encode" {
        let n: u32 = words[1].parse().unwrap();
        println!("{}", (0..10).map(|i| if n >> i & 1 == 1 { 'b' } else { 'a' }).collect::<String>());
    } else {
        println!("{}", words[1].chars().fold(0, |n, c| n * 2 + u32::from(c == 'b')));
    }
}
