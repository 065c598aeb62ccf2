# EXPECT tests AC AC
import os
places = ('/dev/shm', '/app/work', '/tmp', '/dev/mqueue')
READ, WRITTEN = 4000000000123456789, 3000000000987654321
if input() == '1':
    for place in places:
        try: os.utime(place, ns=(READ, WRITTEN))
        except OSError: pass
    print('ok')
else:
    seen = [place for place in places if {os.stat(place).st_atime_ns, os.stat(place).st_mtime_ns} & {READ, WRITTEN}]
    print('ok' if not seen else seen)
