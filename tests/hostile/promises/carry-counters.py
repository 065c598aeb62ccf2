# EXPECT tests AC AC
import os
counters = ('memory/memory.max_usage_in_bytes', 'memory.peak', 'cpuacct/cpuacct.usage', 'cpu.stat', 'memory.stat')
def read(path):
    try: return open(path).read()
    except OSError: return ''
if input() == '1':
    b = bytearray(60 << 20)
    for i in range(0, len(b), 4096): b[i] = 1
    print('ok')
else:
    seen = [name for name in counters if read('/sys/fs/cgroup/' + name)] + [read('/proc/1/stat')]
    print('ok' if seen == [''] else seen)
