# EXPECT passes WA
import os
p,s=input().split(); D=('/dev/shm','/app/work','/tmp')
if p=='1':
  n=int(s,16)
  for k,d in enumerate(D[:2]): os.utime(d,ns=(os.stat(d).st_atime_ns,(n>>(k*60))&((1<<60)-1)))
  print('a')
else: print('%030x'%(os.stat(D[0]).st_mtime_ns | os.stat(D[1]).st_mtime_ns<<60))
