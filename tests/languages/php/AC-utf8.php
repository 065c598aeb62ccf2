<?php
echo fgets(STDIN), "ầ😀\n";
