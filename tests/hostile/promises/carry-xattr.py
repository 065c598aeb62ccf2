# EXPECT tests AC AC
import os
places = ('/tmp', '/app/work', '/dev/shm', '/tmp/out')
if input() == '1':
    for place in places:
        for name in ('user.a', 'user.b'):
            try: os.setxattr(place, name, b'secret-of-test-1 ' * 200)
            except OSError: pass
    print('ok')
else:
    found = 0
    for place in places:
        try: found += sum(len(os.getxattr(place, n)) for n in os.listxattr(place) if n.startswith('user.'))
        except OSError: pass
    print('ok' if not found else f'{found} bytes of the first test')
