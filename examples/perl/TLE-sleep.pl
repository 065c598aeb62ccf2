sleep 60;
print "7\n";
