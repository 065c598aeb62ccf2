# EXPECT pair AC AC
import os
for n in range(1,7):
  for s in('down','up'):
    try: os.symlink('/proc/self/fd/0',f'/app/pipes/{s}{n}')
    except OSError: pass
print(input(),flush=True)
