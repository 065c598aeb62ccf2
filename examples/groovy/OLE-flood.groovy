def line = '7' * 1023
while (true) println line
