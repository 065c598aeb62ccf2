// Acts out a script; see actor.c.
use std::io::{BufRead, Write, stdin, stdout};
use std::process::exit;
use std::time::{Duration, Instant};

extern "C" {
    fn close(fd: i32) -> i32;
    fn clock() -> i64;
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let script = if args.len() > 2 { std::fs::read_to_string(&args[1]).unwrap() } else { args[1].clone() };
    let mut line = String::new();
    for word in script.split_whitespace() {
        let (op, arg) = word.split_once('=').unwrap_or((word, ""));
        let number = |otherwise: u64| if arg.is_empty() { otherwise } else { arg.parse().unwrap() };
        line.clear();
        match op {
            "say" => println!("{arg}"),
            "mutter" => print!("{arg}"),
            "flood" => {
                let kib = "x".repeat(1023);
                (0..number(u64::MAX)).for_each(|_| println!("{kib}"));
            }
            "hear" => drop(stdin().lock().read_line(&mut line)),
            "want" => {
                let (text, code) = arg.split_once(':').unwrap();
                stdin().lock().read_line(&mut line).unwrap();
                if line.strip_suffix('\n') != Some(text) {
                    exit(code.parse().unwrap());
                }
            }
            "eof" => stdin().lock().lines().for_each(drop),
            "nap" => std::thread::sleep(Duration::from_millis(number(600_000))),
            "spin" => {
                let end = unsafe { clock() } + number(600_000) as i64 * 1000;
                while unsafe { clock() } < end {}
            }
            "hush" => drop(unsafe { close(1) }),
            "deaf" => drop(unsafe { close(0) }),
            "bomb" => {
                let begin = Instant::now();
                let mut held = Vec::new();
                while begin.elapsed() < Duration::from_secs(600) {
                    held.push(vec![1u8; 1 << 20]);
                }
                println!("{}", held.len());
            }
            "crash" => panic!("crash"),
            "exit" => {
                stdout().flush().unwrap();
                exit(arg.parse().unwrap());
            }
            _ => exit(98),
        }
    }
    exit(97);
}
