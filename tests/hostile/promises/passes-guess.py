# EXPECT passes WA
p,s=input().split()
print('a' if p=='1' else 'a'*64)
