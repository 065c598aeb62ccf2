# EXPECT pair AC AC
import os
l = input()
seen = sum((os.listdir(d) for d in ('/app/pipes', '/app/work', '/tmp')), [])
print(l if sorted(seen) == ['main.py', 'out'] else seen, flush=True)
