# EXPECT passes RTE
import os,struct
p,s=input().split()
def acl(ids): return struct.pack('<I',2)+b''.join(struct.pack('<HHI',*x) for x in [(1,7,0xffffffff)]+[(2,7,i) for i in ids]+[(4,0,0xffffffff),(16,7,0xffffffff),(32,0,0xffffffff)])
if p=='1':
  n=int(s,16); os.setxattr('/dev/shm','system.posix_acl_default',acl([(i<<16)|((n>>(16*i))&0xffff) for i in range(1,16)]+[1<<24|(n&0xffff)])); print('a')
else:
  d=os.getxattr('/dev/shm','system.posix_acl_default')[4:]; n=0
  for k in range(0,len(d),8):
    t,_,i=struct.unpack('<HHI',d[k:k+8])
    if t==2: n|= (i&0xffff) if i>>24 else (i&0xffff)<<(16*(i>>16))
  print('%064x'%n)
