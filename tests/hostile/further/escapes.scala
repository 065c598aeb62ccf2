// What a program in Scala can try, as escapes.c does for C: an exception, or what is not true, is `contained`.
import java.io.{File, FileInputStream, FileOutputStream}
import java.net.{DatagramSocket, InetAddress, InetSocketAddress, ServerSocket, Socket}
import java.nio.file.{Files, Paths}
import scala.sys.process._

object Main {
  val wanted: String = scala.io.StdIn.readLine().trim
  var found: Option[() => Boolean] = None

  def ATTACK(kind: String, name: String)(attempt: => Boolean): Unit = if (name == wanted) found = Some(() => attempt)

  def runs(command: String*): Boolean = Process(command).!(ProcessLogger(_ => ())) == 0

  def copied(from: String, to: String): String = { Files.copy(Paths.get(from), Paths.get(to)); new File(to).setExecutable(true); to }

  def main(arguments: Array[String]): Unit = {
    ATTACK("network", "tcp") { new Socket().connect(new InetSocketAddress(InetAddress.getByAddress(Array(93, 184, 215, 14).map(_.toByte)), 80), 500); true }
    ATTACK("network", "names") { InetAddress.getByName("example.com").getAddress.nonEmpty }
    ATTACK("network", "listen") { new ServerSocket(0).isBound }
    ATTACK("network", "datagrams") { new DatagramSocket().isBound }
    ATTACK("other processes", "environment of the runner") { new FileInputStream("/proc/1/environ").read() >= 0 }
    ATTACK("privileges", "a setuid program") { runs("su", "-c", "true") }
    ATTACK("files", "the root") { new File("/x").createNewFile() }
    ATTACK("files", "the root by another program") { runs("touch", "/x") }
    ATTACK("files", "library of Scala") { new FileOutputStream("/opt/scala/scala-library.jar", true).getFD.valid }
    ATTACK("code", "run in the working directory") { runs(copied("/bin/true", "/app/work/copy")) }
    ATTACK("code", "a library in the working directory") { System.load(copied("/opt/java/lib/libzip.so", "/app/work/x.so")); true }
    ATTACK("what is kept secret", "in the environment") { sys.env.keys.exists(_.toUpperCase.matches(".*(KEY|TOKEN|SECRET|PASS|AMQP|DOCKER).*")) }
    val through = try found.get() catch { case _: Exception | _: LinkageError => false }
    println(if (through) "through: " + wanted else "contained")
  }
}
