# EXPECT pair AC AC
import os,socket
l=input()
for i in range(5):
  a,b=socket.socketpair()
  socket.send_fds(a,[b'x'],[0,1,a.fileno(),b.fileno()])
print(l,flush=True)
os._exit(0)
