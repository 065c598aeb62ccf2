# EXPECT pair AC AC
import os
seen = os.listdir('/app/pipes')
try: open('/app/pipes/kept', 'w').write('secret of an earlier test')
except OSError: pass
l = input()
print(l if not seen else seen, flush=True)
