long count = 0, sum = 0
System.in.newReader().eachLine { count++; sum += Long.parseLong(it) }
println "$count $sum"
