<?php
$blocks = [];
for ($i = 0; $i < 2048; $i++) {
    // Filled, because only memory that is touched is memory in use.
    $blocks[] = str_repeat('x', 1 << 20);
}
echo count($blocks), "\n";
