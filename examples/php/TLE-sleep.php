<?php
sleep(60);
echo "7\n";
