# EXPECT tests AC AC
import os, struct
places = ('/tmp', '/app/work', '/dev/shm')
names = ('system.posix_acl_access', 'system.posix_acl_default')
def entries(ids):
    rest = 0xffffffff
    all = [(1, 7, rest)] + [(2, 7, i) for i in ids] + [(4, 0, rest), (16, 7, rest), (32, 0, rest)]
    return struct.pack('<I', 2) + b''.join(struct.pack('<HHI', *one) for one in all)
def each(act):
    done = []
    for place in places:
        for name in names:
            try: done.append(act(place, name))
            except OSError: pass
    return done
if input() == '1':
    each(lambda place, name: os.setxattr(place, name, entries(range(100000, 100500))))
    print('ok')
else:
    found = each(lambda place, name: (place, len(os.getxattr(place, name))))
    print('ok' if not found else found)
