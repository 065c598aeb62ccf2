my ($count, $sum) = (0, 0);
while (<STDIN>) { $count++; $sum += $_; }
print "$count $sum\n";
