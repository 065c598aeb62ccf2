object Main {
  def main(args: Array[String]): Unit = {
    val line = "7" * 1023
    while (true) println(line)
  }
}
