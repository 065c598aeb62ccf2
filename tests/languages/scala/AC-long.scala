object Main {
  def main(args: Array[String]): Unit = {
    var count = 0
    var sum = 0L
    for (line <- scala.io.Source.stdin.getLines()) {
      count += 1
      sum += line.toLong
    }
    println(s"$count $sum")
  }
}
