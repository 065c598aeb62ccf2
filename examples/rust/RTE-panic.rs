fn main() {
    let values = [1, 2, 3];
    let index = std::env::args().count() + 2;
    println!("{}", values[index]);
}
