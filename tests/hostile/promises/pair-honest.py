# EXPECT pair AC AC
print(input(),flush=True)
