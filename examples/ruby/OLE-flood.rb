line = '7' * 1023
loop { puts line }
