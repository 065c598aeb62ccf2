object Main {
  def main(args: Array[String]): Unit = {
    var turns = 0L
    while (turns >= 0) turns = (turns + 1) % 1000003
    println(turns)
  }
}
