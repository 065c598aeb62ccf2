<?php
$count = $sum = 0;
while (($line = fgets(STDIN)) !== false) {
    $count++;
    $sum += (int) $line;
}
echo "$count $sum\n";
