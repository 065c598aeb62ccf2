<?php
function add($a, $b) {
    return $a + ;
}
echo add(3, 4), "\n";
