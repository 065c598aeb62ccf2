# Two words joined, not two numbers added.
print join('', split ' ', <STDIN>), "\n";
