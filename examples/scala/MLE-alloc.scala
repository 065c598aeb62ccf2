object Main {
  def main(args: Array[String]): Unit = {
    val blocks = scala.collection.mutable.ListBuffer.empty[Array[Byte]]
    while (blocks.size < 2048) {
      val block = new Array[Byte](1 << 20)
      // Filled, because only memory that is touched is memory in use.
      java.util.Arrays.fill(block, 1.toByte)
      blocks += block
    }
    println(blocks.size)
  }
}
