# Two words joined, not two numbers added.
{ print $1 $2 }
