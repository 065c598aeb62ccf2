use std::io::{stdin, stdout, Write};

fn main() {
    let (mut low, mut high) = (1, 100);
    while low < high {
        let middle = (low + high + 1) / 2;
        println!("? {middle}");
        stdout().flush().unwrap();
        let mut reply = String::new();
        stdin().read_line(&mut reply).unwrap();
        if reply.trim() == "yes" {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    println!("! {low}");
}
