# EXPECT tests AC
try:
    open('/proc/self/oom_score_adj', 'w').write('0')
    print('lowered')
except OSError: print('ok')
