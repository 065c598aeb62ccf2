// What a program in D can try, as escapes.c does for C: an exception, or what is not true, is `contained`.
import core.sys.posix.unistd : setuid;
import std.algorithm : any, canFind;
import std.file : copy, dirEntries, read, rename, SpanMode;
import std.process;
import std.socket;
import std.stdio : File, readln, writeln;
import std.string;
import std.uni : toUpper;

extern (C) int unshare(int);

string wanted;
bool delegate() attempt;

void ATTACK(string kind, string name, bool delegate() tried) {
    if (name == wanted) attempt = tried;
}

bool runs(string command) { return executeShell(command ~ " </dev/null").status == 0; }

bool opens(string path, string mode) { return File(path, mode).isOpen; }

bool finds(string place) {
    foreach (entry; dirEntries(place, SpanMode.depth, false))
        if (entry.name.endsWith(".ans")) return true;
    return false;
}

void main() {
    wanted = readln().strip();
    ATTACK("network", "tcp", { new TcpSocket(new InternetAddress("93.184.215.14", 80)); return true; });
    ATTACK("network", "names", { return getAddress("example.com").length > 0; });
    ATTACK("network", "listen", { auto ear = new TcpSocket(); ear.bind(new InternetAddress("127.0.0.1", InternetAddress.PORT_ANY)); ear.listen(1); return true; });
    ATTACK("sockets", "the engine", { new Socket(AddressFamily.UNIX, SocketType.STREAM).connect(new UnixAddress("/var/run/docker.sock")); return true; });
    ATTACK("other processes", "environment of the runner", { return read("/proc/1/environ", 1).length == 1; });
    ATTACK("privileges", "root by call", { return setuid(0) == 0; });
    ATTACK("privileges", "a setuid program", { return runs("su -c true"); });
    ATTACK("namespaces", "mounts", { return unshare(0x20000) == 0; });
    ATTACK("files", "the root", { return opens("/x", "w"); });
    ATTACK("files", "names of the root", { rename("/etc/passwd", "/etc/users"); return true; });
    ATTACK("code", "run in the working directory", { copy("/bin/true", "/app/work/copy"); return runs("chmod +x /app/work/copy && /app/work/copy"); });
    ATTACK("what is kept secret", "in the environment", { return environment.toAA.keys.any!(name => ["KEY", "TOKEN", "SECRET", "PASS", "AMQP", "DOCKER"].any!(word => name.toUpper.canFind(word))); });
    ATTACK("what is kept secret", "answers on the disk", { return ["/app", "/tmp", "/dev/shm", "/var/tmp"].any!finds; });
    assert(attempt !is null, "no such attack");
    bool through;
    try through = attempt(); catch (Exception) {}
    writeln(through ? "through: " ~ wanted : "contained");
}
