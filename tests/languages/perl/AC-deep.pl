use strict;
use warnings;
no warnings 'recursion';

sub down { my $n = shift; return $n == 0 ? 0 : 1 + down($n - 1); }
print down(<STDIN> + 0), "\n";
