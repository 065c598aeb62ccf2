use std::io::Read;

fn main() {
    let mut text = Vec::new();
    std::io::stdin().read_to_end(&mut text).unwrap();
    let mut sum = 0u64;
    for word in text.split(|b| b.is_ascii_whitespace()).filter(|w| !w.is_empty()).skip(1) {
        sum += word.iter().fold(0u64, |n, b| n * 10 + u64::from(b - b'0'));
    }
    println!("{sum}");
}
