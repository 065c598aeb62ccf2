fn main() {
    println!("a parenthesis is missing";
}
