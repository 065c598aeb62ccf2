# EXPECT pair AC AC
import os,fcntl
l=input()
os.fchmod(1,0) if os.fstat(1).st_uid==os.getuid() else None
try: fcntl.fcntl(1,1031,4096)
except OSError: pass
print(l,flush=True)
