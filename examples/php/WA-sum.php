<?php
// Two words joined, not two numbers added.
echo implode('', explode(' ', fgets(STDIN)));
