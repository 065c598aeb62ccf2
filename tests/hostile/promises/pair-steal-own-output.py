# EXPECT pair RTE RTE
import os
r=os.open('/proc/self/fd/1',os.O_RDONLY|os.O_NONBLOCK)
print(input(),flush=True)
while True:
  try: os.read(r,100)
  except BlockingIOError: pass
