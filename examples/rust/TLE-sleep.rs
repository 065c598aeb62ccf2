use std::thread::sleep;
use std::time::Duration;

fn main() {
    sleep(Duration::from_secs(60));
    println!("7");
}
