print(input())
print('ầ😀')
