# EXPECT passes WA
import os,socket,time
p,s=input().split()
if p=='1':
  n=socket.socket(socket.AF_UNIX,socket.SOCK_DGRAM); n.bind('\0'+s)
  for i in range(150):
    a,b=socket.socketpair(); socket.send_fds(a,[b'x'],[a.fileno(),b.fileno(),n.fileno()])
  print('a'); import sys; sys.stdout.flush(); os._exit(0)
else: print(([l.split()[-1][1:] for l in open('/proc/net/unix') if '@' in l]+['none'])[0])
