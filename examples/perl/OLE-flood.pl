my $line = '7' x 1023;
print "$line\n" while 1;
