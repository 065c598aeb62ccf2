<?php
$line = str_repeat('7', 1023) . "\n";
while (true) {
    echo $line;
}
