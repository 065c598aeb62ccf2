// What the compiler's classes are cached by: the parts of the language that programs use most.
import scala.collection.mutable
import scala.io.StdIn

case class Edge(to: Int, cost: Long)

sealed trait Shape
case object Point extends Shape
case class Circle(radius: Double) extends Shape

trait Named { def name: String = "none" }

class Graph(size: Int) extends Named {
  private val edges = Array.fill(size)(mutable.ListBuffer.empty[Edge])
  def apply(node: Int): Seq[Edge] = edges(node).toSeq
  def add(from: Int, to: Int, cost: Long): Unit = edges(from) += Edge(to, cost)
}

object Main {
  implicit class Squared(val n: Int) extends AnyVal { def squared: Int = n * n }

  def shortest(graph: Graph, size: Int): Array[Long] = {
    val best = Array.fill(size)(Long.MaxValue)
    val queue = mutable.PriorityQueue.empty[(Long, Int)](Ordering.by(-_._1))
    queue.enqueue((0L, 0))
    while (queue.nonEmpty) {
      val (cost, node) = queue.dequeue()
      if (cost < best(node)) {
        best(node) = cost
        for (Edge(to, more) <- graph(node)) queue.enqueue((cost + more, to))
      }
    }
    best
  }

  def area(shape: Shape): Double = shape match {
    case Point => 0.0
    case Circle(r) if r > 0 => math.Pi * r * r
    case _ => -1
  }

  def main(args: Array[String]): Unit = {
    val Array(a, b) = StdIn.readLine().split(" ").map(_.toInt)
    val graph = new Graph(3)
    for (i <- 0 until 3) graph.add(i, (i + 1) % 3, a + b)
    val words = Map("x" -> 1, "y" -> 2).filter(_._2 > 1).keys.toList.sorted.mkString(", ")
    lazy val text = s"${shortest(graph, 3).sum} $words ${area(Circle(1))} ${5.squared}"
    try println(text)
    catch { case e: Exception => Console.err.println(e.getMessage) }
    val folded = (1 to 10).foldLeft(BigInt(1))(_ * _)
    println(Option(folded).map(_.toString).getOrElse(""))
  }
}
