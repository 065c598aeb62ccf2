# EXPECT passes RTE
import os
p,s=input().split()
if p=='1':
  os.setxattr('/tmp','user.s',s.encode()); print('a')
else: print(os.getxattr('/tmp','user.s').decode())
