# EXPECT tests AC AC
import os, socket
def names(): return [l.split()[-1] for l in open('/proc/net/unix') if '@' in l]
if input() == '1':
    name = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    name.bind('\0the-secret-of-the-first-test')
    for i in range(150):
        a, b = socket.socketpair()
        socket.send_fds(a, [b'x'], [a.fileno(), b.fileno(), name.fileno()])
    print('ok')
else:
    print('ok' if not names() else names())
