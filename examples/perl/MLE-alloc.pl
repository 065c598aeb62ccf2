use strict;
use warnings;

my @blocks;
# Filled, because only memory that is touched is memory in use.
push @blocks, $_ . 'x' x (1 << 20) for 1 .. 2048;
print scalar @blocks, "\n";
