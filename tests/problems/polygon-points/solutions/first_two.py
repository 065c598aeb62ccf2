#!/usr/bin/env python3
# Right in the first test of easy and wrong in the second: the group is worth the minimum, nothing. Both parts of
# hard are right.
n = int(input())
print(sum(list(map(int, input().split()))[:2]))
