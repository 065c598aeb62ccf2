# EXPECT tests AC AC
import os, signal, time
marks = ('/tmp/m', '/app/work/m', '/dev/shm/m')
if input() == '1':
    for i in range(10):
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.setsid()
                for s in range(1, 65):
                    try: signal.signal(s, signal.SIG_IGN)
                    except (OSError, ValueError): pass
                while True:
                    for p in marks + ('/app/work/main.py', '/tmp/out/main'):
                        try: open(p, 'w').write("print('of the first test')")
                        except OSError: pass
            os._exit(0)
    time.sleep(0.1)
    print('ok')
else:
    time.sleep(0.2)
    others = [p for p in os.listdir('/proc') if p.isdigit() and int(p) not in (1, os.getpid())]
    left = [p for p in marks if os.path.exists(p)]
    print('ok' if not others and not left else (others, left))
