# EXPECT pair WA WA
import os,time
if os.fork()==0:
  os.setsid(); time.sleep(100)
os._exit(0)
