my $turns = 0;
$turns = ($turns + 1) % 1000003 while $turns >= 0;
print "$turns\n";
