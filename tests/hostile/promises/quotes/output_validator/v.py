import sys
open(sys.argv[3] + 'judgemessage.txt', 'wb').write(b'wrong: ' + sys.stdin.buffer.read())
sys.exit(43)
