# EXPECT pair WA WA
import os,socket
for i in range(5):
  a,b=socket.socketpair()
  socket.send_fds(a,[b'x'],[0,1,a.fileno(),b.fileno()])
os._exit(0)
