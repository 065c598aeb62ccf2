{ print; print "ầ😀" }
