fn main() {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).unwrap();
    println!("{:e}", line.trim().parse::<f64>().unwrap() / 3.0);
}
