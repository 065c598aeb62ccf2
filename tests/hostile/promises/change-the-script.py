# EXPECT tests AC AC
import os
if input() == '1':
    for d in ('/tmp/.local/lib/python3.13/site-packages', '/tmp/.config', '/tmp/.python_history'):
        try: os.makedirs(d)
        except OSError: pass
    say = "print('of the first test')"
    for p in ('/tmp/.local/lib/python3.13/site-packages/usercustomize.py', '/app/work/os.py', '/app/work/main.py'):
        try: open(p, 'w').write(say)
        except OSError: pass
    os.chmod('/app/work', 0o500)
print('ok')
