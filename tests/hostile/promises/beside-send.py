# EXPECT tests AC
import os,time,fcntl,socket,struct,ctypes,sys
def bit(k): return (0xB38F>>(k%16))&1
STEP=0.1; N=24
F='/usr/bin/perl'
NS=[n for n in os.listdir('/proc/self/ns')]
nsf={n:os.open('/proc/self/ns/'+n,os.O_RDONLY) for n in NS}
imgf=os.open(F,os.O_RDONLY)
held=[];kids=[];sock=None
end=time.monotonic()+STEP*(N+16)
last=None
err=set()
while time.monotonic()<end:
    k=int(time.monotonic()/STEP); b=bit(k)
    if b!=last:
        last=b
        for n,f in nsf.items():
            try: fcntl.flock(f,(fcntl.LOCK_EX if b else fcntl.LOCK_UN)|fcntl.LOCK_NB)
            except OSError as e: err.add((n,e.errno))
        try: fcntl.flock(imgf,(fcntl.LOCK_EX if b else fcntl.LOCK_UN)|fcntl.LOCK_NB)
        except OSError as e: err.add(('img',e.errno))
        try: fcntl.lockf(imgf,(fcntl.LOCK_SH|fcntl.LOCK_NB) if b else fcntl.LOCK_UN)
        except OSError as e: err.add(('imgl',e.errno))
        if b:
            while len(held)<900: held.append(os.open('/dev/null',0))
            while len(kids)<40:
                p=os.fork()
                if p==0:
                    time.sleep(100); os._exit(0)
                kids.append(p)
            sock=socket.socket(socket.AF_UNIX); sock.bind('\0covert'); sock.listen()
            try: open('/dev/shm/covert','w').close()
            except OSError: pass
            for o in range(0,os.fstat(imgf).st_size,4096): os.pread(imgf,1,o)
        else:
            for f in held: os.close(f)
            held=[]
            for p in kids: os.kill(p,9); os.waitpid(p,0)
            kids=[]
            if sock: sock.close(); sock=None
            os.posix_fadvise(imgf,0,0,os.POSIX_FADV_DONTNEED)
    time.sleep(0.004)
print('ok')
