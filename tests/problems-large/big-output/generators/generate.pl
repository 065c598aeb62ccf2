#!/usr/bin/perl
# generate.pl PACKAGE: writes data/secret/{1-small,2-twenty-megabytes}.{in,ans} of this package. Deterministic.
use strict;
use warnings;

my $dir = "$ARGV[0]/data/secret";
-d $dir or mkdir $dir or die "$dir: $!\n";

# 2,650,000 numbers with a line break each are 20.1 MB.
sub test {
    my ($name, $n) = @_;
    open(my $ans, '>', "$dir/$name.ans") or die "$dir/$name.ans: $!\n";
    for (my $from = 1; $from <= $n; $from += 10000) {
        my $to = $from + 9999 < $n ? $from + 9999 : $n;
        print $ans join("\n", $from .. $to), "\n";
    }
    close($ans) or die "$dir/$name.ans: $!\n";
    open(my $in, '>', "$dir/$name.in.part") or die "$dir/$name.in.part: $!\n";
    print $in "$n\n";
    close($in) or die "$dir/$name.in.part: $!\n";
    rename("$dir/$name.in.part", "$dir/$name.in") or die "$dir/$name.in: $!\n";
}

test('1-small', 1000);
test('2-twenty-megabytes', 2650000);
