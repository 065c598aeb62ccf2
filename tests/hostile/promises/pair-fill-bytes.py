# EXPECT pair AC AC
try:
  f=open('/app/pipes/x','wb',buffering=0)
  while True: f.write(b'x'*4096)
except OSError: pass
print(input(),flush=True)
