// What a program in Groovy can try, as escapes.c does for C: an exception, or what is not true, is `contained`.
import java.nio.file.Files
import java.nio.file.Paths

wanted = System.in.newReader().readLine().trim()
attempt = null
def ATTACK(kind, name, tried) { if (name == wanted) attempt = tried }
def runs(... command) { def child = (command as List).execute(); child.consumeProcessOutput(); child.outputStream.close(); child.waitFor() == 0 }

ATTACK("network", "tcp", { new Socket().connect(new InetSocketAddress(InetAddress.getByAddress([93, 184, 215, 14] as byte[]), 80), 500); true })
ATTACK("network", "names", { InetAddress.getByName("example.com").address.length > 0 })
ATTACK("network", "listen", { new ServerSocket(0).bound })
ATTACK("network", "datagrams", { new DatagramSocket().bound })
ATTACK("other processes", "environment of the runner", { new File("/proc/1/environ").bytes.length > 0 })
ATTACK("privileges", "a setuid program", { runs("su", "-c", "true") })
ATTACK("files", "the root", { new File("/x").createNewFile() })
ATTACK("files", "the root by another program", { runs("touch", "/x") })
ATTACK("files", "library of Groovy", { new FileOutputStream("/opt/groovy/groovy-all.jar", true).FD.valid() })
ATTACK("code", "run in the working directory", { Files.copy(Paths.get("/bin/true"), Paths.get("/app/work/copy")); new File("/app/work/copy").setExecutable(true) && runs("/app/work/copy") })
ATTACK("what is kept secret", "in the environment", { System.getenv().keySet().any { it.toUpperCase() =~ /KEY|TOKEN|SECRET|PASS|AMQP|DOCKER/ } })

if (attempt == null) throw new IllegalArgumentException("no such attack")
def through = false
try { through = attempt() } catch (Exception error) { }
println(through ? "through: " + wanted : "contained")
