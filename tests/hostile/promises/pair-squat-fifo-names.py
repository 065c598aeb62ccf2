# EXPECT pair AC AC
import os
for n in range(1,8):
  for s in('down','up'):
    try: open(f'/app/pipes/{s}{n}','x').close()
    except OSError as e: pass
print(input(),flush=True)
