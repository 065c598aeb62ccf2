use strict;

sub add { my ($first, $second) = @_; return $first + ; }
print add(3, 4), "\n";
