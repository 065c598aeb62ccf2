fn main() {
    // Filled, because only memory that is touched is memory in use.
    let blocks: Vec<Vec<u8>> = (0..2048).map(|_| vec![b'x'; 1 << 20]).collect();
    println!("{}", blocks.len());
}
