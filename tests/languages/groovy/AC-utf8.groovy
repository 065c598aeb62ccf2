println System.in.newReader().readLine()
println 'ầ😀'
