# EXPECT pair AC AC
import os
n=0
try:
  while n<100: open(f'/app/pipes/x{n}','x').close(); n+=1
except OSError: pass
print(input(),flush=True)
