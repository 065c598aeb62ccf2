# EXPECT tests AC
# Free memory and counts of names are not among the channels: docs/SECURITY.md names them.
import os,time,fcntl,socket,struct,ctypes,sys
def bit(k): return (0xB38F>>(k%16))&1
STEP=0.1; N=24
F='/usr/bin/perl'
NS=[n for n in os.listdir('/proc/self/ns')]
l=ctypes.CDLL(None,use_errno=True)
def nslock(n):
    f=os.open('/proc/self/ns/'+n,os.O_RDONLY)
    try: fcntl.flock(f,fcntl.LOCK_EX|fcntl.LOCK_NB); return 0
    except OSError: return 1
    finally: os.close(f)
def imgflock():
    f=os.open(F,os.O_RDONLY)
    try: fcntl.flock(f,fcntl.LOCK_EX|fcntl.LOCK_NB); return 0
    except OSError: return 1
    finally: os.close(f)
def imggetlk():
    f=os.open(F,os.O_RDONLY)
    try:
        r=fcntl.fcntl(f,fcntl.F_GETLK,struct.pack('hhqqi4x',fcntl.F_WRLCK,0,0,0,0)); return 0 if struct.unpack('hhqqi4x',r)[0]==fcntl.F_UNLCK else 1
    except OSError as e: return None
    finally: os.close(f)
def abstract():
    s=socket.socket(socket.AF_UNIX)
    try: s.connect('\0covert'); return 1
    except OSError: return 0
    finally: s.close()
def shm(): return int(os.path.exists('/dev/shm/covert'))
def filenr(): return int(open('/proc/sys/fs/file-nr').read().split()[0])
def inodenr(): return int(open('/proc/sys/fs/inode-nr').read().split()[0])
def procs(): return int(open('/proc/loadavg').read().split()[3].split('/')[1])
def running(): return int(open('/proc/loadavg').read().split()[3].split('/')[0])
def cached():
    f=os.open(F,os.O_RDONLY); b=bytearray(4096); h=0
    try:
        for o in range(0,400*4096,40960):
            try:
                if os.preadv(f,[b],o,os.RWF_NOWAIT)>0: h+=1
            except OSError: pass
        return h
    finally: os.close(f)
def locks(): return len(open('/proc/locks').read().splitlines())
def ctxt(): return int([x for x in open('/proc/stat') if x.startswith('procs_')][0].split()[1])
ch={'abstract':abstract,'shm':shm,'imgflock':imgflock,'imggetlk':imggetlk,'file-nr':filenr,'inode-nr':inodenr,'loadavg-procs':procs,'procs_running':running,'pagecache':cached,'proc-locks':locks,'forks':ctxt}
for n in NS: ch['ns-'+n]=(lambda n=n:nslock(n))
rows={c:([],[]) for c in ch}; none=set()
end=time.monotonic()+STEP*N
k0=int(time.monotonic()/STEP)+2
while True:
    k=k0; k0+=1
    if k*STEP>end+STEP*2: break
    t=k*STEP+STEP*0.6-time.monotonic()
    if t>0: time.sleep(t)
    for c,f in ch.items():
        try: v=f()
        except Exception as e: v=None
        if v is None: none.add(c)
        else: rows[c][bit(k)].append(v)
found=[]
for c,(z,o) in rows.items():
    if not z or not o: continue
    best=0
    for th in sorted(set(z+o)):
        a=(sum(x>=th for x in o)+sum(x<th for x in z))/(len(z)+len(o)); best=max(best,a,1-a)
    if best>0.93: found.append(c)
print('ok' if not found else found)
