println System.in.newReader().readLine().split(' ').collect { it as long }.sum()
