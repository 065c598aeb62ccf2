import sys
import threading


def down(n):
    return 0 if n == 0 else 1 + down(n - 1)


sys.setrecursionlimit(1_000_000)
threading.stack_size(128 * 1024 * 1024)
thread = threading.Thread(target=lambda: print(down(int(input()))))
thread.start()
thread.join()
