// What the compiler's classes are archived by: the parts of the language that programs use most.
import java.io.BufferedReader
import java.util.PriorityQueue
import java.util.StringTokenizer

data class Edge(val to: Int, val cost: Long) : Comparable<Edge> {
    override fun compareTo(other: Edge) = cost.compareTo(other.cost)
}

sealed class Shape {
    object Point : Shape()
    class Circle(val radius: Double) : Shape()
}

enum class Colour { RED, GREEN }

interface Named { val name: String get() = "none" }

class Graph(private val size: Int) : Named {
    private val edges = Array(size) { mutableListOf<Edge>() }
    operator fun get(node: Int): List<Edge> = edges[node]
    fun add(from: Int, to: Int, cost: Long) { edges[from].add(Edge(to, cost)) }
    inline fun each(action: (Int) -> Unit) { for (node in 0 until 3) action(node) }
}

fun Int.squared() = this * this

fun shortest(graph: Graph, size: Int): LongArray {
    val best = LongArray(size) { Long.MAX_VALUE }
    val queue = PriorityQueue<Edge>()
    queue += Edge(0, 0)
    while (queue.isNotEmpty()) {
        val (node, cost) = queue.poll()
        if (cost >= best[node]) continue
        best[node] = cost
        for (edge in graph[node]) queue.add(Edge(edge.to, cost + edge.cost))
    }
    return best
}

fun area(shape: Shape) = when (shape) {
    is Shape.Point -> 0.0
    is Shape.Circle -> Math.PI * shape.radius * shape.radius
}

fun main() {
    val reader: BufferedReader = System.`in`.bufferedReader()
    val tokens = StringTokenizer(reader.readLine() ?: "1 2")
    val (a, b) = listOf(tokens.nextToken(), tokens.nextToken()).map { it.toInt() }
    val graph = Graph(3)
    graph.each { graph.add(it, (it + 1) % 3, (a + b).toLong()) }
    val words = mapOf("x" to 1, "y" to 2).filterValues { it > 1 }.keys.sorted().joinToString(", ")
    try {
        println("${shortest(graph, 3).sum()} $words ${area(Shape.Circle(1.0))} ${Colour.values().size} ${5.squared()}")
    } catch (e: Exception) {
        System.err.println(e.message)
    }
    val text = StringBuilder()
    loop@ for (i in 10 downTo 0 step 2) { if (i == 4) break@loop else text.append(i).append('\n') }
    print(text)
}
