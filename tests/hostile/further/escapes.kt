// What a program in Kotlin can try, as escapes.c does for C: an exception, or what is not true, is `contained`.
import java.io.File
import java.io.FileOutputStream
import java.net.DatagramSocket
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.ServerSocket
import java.net.Socket

class ATTACK(val kind: String, val name: String, val attempt: () -> Boolean)

fun runs(vararg command: String) = ProcessBuilder(*command).redirectErrorStream(true).start().also { it.outputStream.close() }.waitFor() == 0

fun connects(address: InetSocketAddress): Boolean { Socket().use { it.connect(address, 500) }; return true }

val SECRET = Regex(".*(KEY|TOKEN|SECRET|PASS|AMQP|DOCKER).*", RegexOption.IGNORE_CASE)

val ATTACKS = listOf(
    ATTACK("network", "tcp") { connects(InetSocketAddress(InetAddress.getByAddress(byteArrayOf(93, 184.toByte(), 215.toByte(), 14)), 80)) },
    ATTACK("network", "names") { InetAddress.getByName("example.com").address.isNotEmpty() },
    ATTACK("network", "listen") { ServerSocket(0).isBound },
    ATTACK("network", "datagrams") { DatagramSocket().isBound },
    ATTACK("other processes", "environment of the runner") { File("/proc/1/environ").inputStream().read() >= 0 },
    ATTACK("privileges", "a setuid program") { runs("su", "-c", "true") },
    ATTACK("files", "the root") { File("/x").createNewFile() },
    ATTACK("files", "the root by another program") { runs("touch", "/x") },
    ATTACK("files", "library of Kotlin") { FileOutputStream("/opt/kotlin/lib/kotlin-stdlib.jar", true).fd.valid() },
    ATTACK("code", "run in the working directory") { File("/bin/true").copyTo(File("/app/work/copy")).setExecutable(true) && runs("/app/work/copy") },
    ATTACK("what is kept secret", "in the environment") { System.getenv().keys.any { SECRET.matches(it) } },
    ATTACK("what is kept secret", "answers on the disk") { listOf("/app", "/tmp", "/dev/shm", "/var/tmp").any { place -> File(place).walk().any { it.extension == "ans" } } }
)

fun main() {
    val wanted = readLine()!!.trim()
    val attempt = ATTACKS.first { it.name == wanted }.attempt
    val through = try { attempt() } catch (error: Exception) { false }
    println(if (through) "through: $wanted" else "contained")
}
