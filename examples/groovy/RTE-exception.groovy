def nothing = null
println nothing.size
