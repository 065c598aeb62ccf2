# Acts out a script; see actor.c.
import os, sys, time

script = open(sys.argv[1]).read() if len(sys.argv) > 2 else sys.argv[1]
for word in script.split():
    op, _, arg = word.partition("=")
    if op == "say":
        print(arg, flush=True)
    elif op == "mutter":
        print(arg)
    elif op == "flood":
        count = int(arg or 1 << 60)
        while count > 0:
            sys.stdout.write("x" * 1023 + "\n")
            count -= 1
        sys.stdout.flush()
    elif op == "hear":
        sys.stdin.readline()
    elif op == "want":
        text, code = arg.split(":")
        if sys.stdin.readline().rstrip("\n") != text:
            sys.exit(int(code))
    elif op == "eof":
        for _ in sys.stdin:
            pass
    elif op == "nap":
        time.sleep(int(arg or 600000) / 1000)
    elif op == "spin":
        end = time.process_time() + int(arg or 600000) / 1000
        while time.process_time() < end:
            pass
    elif op == "hush":
        os.close(1)
    elif op == "deaf":
        os.close(0)
    elif op == "bomb":
        held = []
        while True:
            held.append(b"x" * (1 << 20))
    elif op == "crash":
        raise RuntimeError("crash")
    elif op == "kill":
        os.kill(os.getpid(), int(arg))
    elif op == "exit":
        sys.exit(int(arg))
    else:
        sys.exit(98)
sys.exit(97)
