// Two words joined, not two numbers added.
println System.in.newReader().readLine().replace(' ', '')
