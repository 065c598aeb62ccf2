# EXPECT tests AC AC
import os, socket, time
def used():
    s = os.statvfs('/tmp')
    return (s.f_blocks - s.f_bfree) * s.f_bsize >> 20
if input() == '1':
    f = os.open('/tmp/hidden', os.O_CREAT | os.O_RDWR)
    os.write(f, b'secret' * 5000000)
    os.unlink('/tmp/hidden')
    for i in range(20):
        a, b = socket.socketpair()
        socket.send_fds(a, [b'x'], [f, a.fileno(), b.fileno(), 1])
    print('ok')
else:
    print('ok' if used() < 5 else f'{used()} MiB')
