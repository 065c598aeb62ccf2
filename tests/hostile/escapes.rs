// What a program in Rust can try, as escapes.c does for C: an error is `contained`.
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpListener, TcpStream, ToSocketAddrs, UdpSocket};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::time::Duration;

fn executes_in(place: &str) -> io::Result<()> {
    let copy = format!("{place}/copy");
    fs::copy("/bin/true", &copy)?;
    fs::set_permissions(&copy, fs::Permissions::from_mode(0o755))?;
    let status = Command::new(copy).status()?;
    if status.success() { Ok(()) } else { Err(ErrorKind::PermissionDenied.into()) }
}

fn writes_through_a_link() -> io::Result<()> {
    symlink("/etc/passwd", "/tmp/link")?;
    OpenOptions::new().write(true).open("/tmp/link").map(drop)
}

#[allow(non_snake_case)]
fn main() {
    let mut line = String::new();
    io::stdin().read_line(&mut line).unwrap();
    let wanted = line.trim().to_owned();
    let mut result: Option<io::Result<()>> = None;
    let mut ATTACK = |_class: &str, name: &str, attempt: &dyn Fn() -> io::Result<()>| {
        if name == wanted {
            result = Some(attempt());
        }
    };
    ATTACK("network", "tcp", &|| TcpStream::connect_timeout(&SocketAddr::from(([93, 184, 215, 14], 80)), Duration::from_millis(500)).map(drop));
    ATTACK("network", "names", &|| ("example.com", 80).to_socket_addrs().map(drop));
    ATTACK("network", "listen", &|| TcpListener::bind("127.0.0.1:0").map(drop));
    ATTACK("network", "datagrams", &|| UdpSocket::bind("127.0.0.1:0").map(drop));
    ATTACK("sockets", "the engine", &|| UnixStream::connect("/var/run/docker.sock").map(drop));
    ATTACK("other processes", "environment of the runner", &|| fs::read("/proc/1/environ").map(drop));
    ATTACK("privileges", "a child that is root", &|| Command::new("/bin/true").uid(0).status().map(drop));
    ATTACK("files", "the root", &|| File::create("/x").map(drop));
    ATTACK("files", "through a link", &|| writes_through_a_link());
    ATTACK("files", "the running program", &|| OpenOptions::new().write(true).open("/proc/self/exe").map(drop));
    ATTACK("code", "run in the working directory", &|| executes_in("/app/work"));
    ATTACK("code", "run in shared memory", &|| executes_in("/dev/shm"));
    match result {
        Some(Ok(())) => println!("through: {wanted}"),
        Some(Err(_)) => println!("contained"),
        None => panic!("no such attack"),
    }
}
