#!/usr/bin/perl
# generate.pl PACKAGE: writes data/secret/{1-small,2-twenty-megabytes}.{in,ans} of this package. Deterministic.
use strict;
use warnings;
use integer;

my $dir = "$ARGV[0]/data/secret";
-d $dir or mkdir $dir or die "$dir: $!\n";

# 13 bytes for each number: 1,540,000 of them are 20 MB.
sub test {
    my ($name, $count) = @_;
    my ($state, $sum) = (20250900 + $count, 0);
    open(my $in, '>', "$dir/$name.in.part") or die "$dir/$name.in.part: $!\n";
    print $in "$count\n";
    my @block;
    for my $i (1 .. $count) {
        $state = ($state * 1103515245 + 12345) % 2147483648;
        my $x = 100000000000 + $state * 419;
        $sum += $x;
        push @block, $x;
        if (@block == 10000 || $i == $count) {
            print $in join(' ', @block), "\n";
            @block = ();
        }
    }
    close($in) or die "$dir/$name.in.part: $!\n";
    open(my $ans, '>', "$dir/$name.ans") or die "$dir/$name.ans: $!\n";
    print $ans "$sum\n";
    close($ans) or die "$dir/$name.ans: $!\n";
    rename("$dir/$name.in.part", "$dir/$name.in") or die "$dir/$name.in: $!\n";
}

test('1-small', 1000);
test('2-twenty-megabytes', 1540000);
