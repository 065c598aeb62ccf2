# What a program in Python can try, as escapes.c does for C: standard input names one attack, an exception is `contained`.
import ctypes, http.client, multiprocessing, os, pty, shutil, signal, socket, subprocess, sys

WANTED = sys.stdin.readline().strip()
FOUND = []


def ATTACK(class_, name, attempt):
    if name == WANTED:
        FOUND.append(attempt)


def executes_in(place):
    shutil.copy("/bin/true", place + "/copy")
    os.chmod(place + "/copy", 0o755)
    return subprocess.run([place + "/copy"]).returncode == 0


def connects(path):
    plug = socket.socket(socket.AF_UNIX)
    plug.connect(path)
    return True


ATTACK("network", "http", lambda: http.client.HTTPConnection("93.184.215.14", timeout=1).connect() or True)
ATTACK("network", "names", lambda: socket.getaddrinfo("example.com", 80))
ATTACK("network", "listen", lambda: socket.create_server(("127.0.0.1", 0)))
ATTACK("sockets", "the engine", lambda: connects("/var/run/docker.sock"))
ATTACK("other processes", "environment of the runner", lambda: open("/proc/1/environ", "rb").read())
ATTACK("other processes", "descriptors of the runner", lambda: os.listdir("/proc/1/fd"))
ATTACK("other processes", "others", lambda: {int(n) for n in os.listdir("/proc") if n.isdigit()} - {1, os.getpid()})
ATTACK("privileges", "root by call", lambda: os.setuid(0) or True)
ATTACK("privileges", "a setuid program", lambda: subprocess.run(["su", "-c", "true"]).returncode == 0)
ATTACK("system calls", "by ctypes", lambda: ctypes.CDLL(None).unshare(0x10000000) == 0)
ATTACK("what stays", "shared memory", lambda: ctypes.CDLL(None).shmget(0, 4096, 0o1600) != -1)
ATTACK("files", "the root", lambda: open("/x", "w"))
ATTACK("files", "modules of Python", lambda: open(os.__file__, "a"))
ATTACK("files", "cache of Python", lambda: open(os.path.dirname(os.__file__) + "/__pycache__/x.pyc", "w"))
ATTACK("files", "terminals", lambda: pty.openpty())
ATTACK("code", "run in the working directory", lambda: executes_in("/app/work"))
ATTACK("what is kept secret", "in the environment", lambda: [n for n in os.environ if any(w in n.upper() for w in ("KEY", "TOKEN", "SECRET", "PASS", "AMQP", "GAVEL_", "DOCKER"))])
ATTACK("what is kept secret", "answers on the disk", lambda: [f for place in ("/app", "/tmp", "/dev/shm", "/home", "/root", "/var/tmp") for _, _, files in os.walk(place) for f in files if f.endswith((".ans", ".a", ".out")) or "answer" in f])

if not FOUND:
    sys.exit("no such attack")
try:
    print("through: " + WANTED if FOUND[0]() else "contained")
except (OSError, ValueError):
    print("contained")
