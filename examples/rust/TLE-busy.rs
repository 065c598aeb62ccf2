use std::hint::black_box;

fn main() {
    let mut turns = 0_u64;
    while black_box(turns) != u64::MAX {
        turns += 1;
    }
    println!("{turns}");
}
