class Edge { int to; long cost }

def total(List numbers) { numbers.sum() }

def reader = System.in.newReader()
def numbers = reader.readLine().split(/\s+/).collect { it as long }
def table = [a: numbers[0], b: numbers[1]]
table.each { k, v -> println "${k} = ${v}" }
def edges = (1..3).collect { new Edge(to: it, cost: it * 2L) }
println total(numbers) + edges*.cost.sum()
println String.format("%.2f", 1.5d) + numbers.sort().reverse().join(' ') + edges.find { it.to == 2 }?.cost
long turns = 0
for (int i = 0; i < 1000; i++) turns += i
try { assert turns > 0; [1, 2].get(5) } catch (Exception e) { println e.message }
println BigInteger.ONE.shiftLeft(70) + new TreeMap(table).firstKey()
