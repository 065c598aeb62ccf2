mod plus;

fn main() {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).unwrap();
    println!("{}", plus::one(line.trim().parse().unwrap()));
}
