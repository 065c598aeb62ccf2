pub fn one(n: i64) -> i64 {
    n + 1
}
