fn main() {
    panic!("nothing to say");
}
