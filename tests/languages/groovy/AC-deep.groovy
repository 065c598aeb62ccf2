int down(int n) { n == 0 ? 0 : 1 + down(n - 1) }

println down(System.in.newReader().readLine() as int)
