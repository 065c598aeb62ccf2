# EXPECT pair WA WA
import os,signal
signal.signal(signal.SIGPIPE,signal.SIG_DFL)
print('bad',flush=True)
os.kill(os.getpid(),signal.SIGPIPE)
