// What a program in Java can try, as escapes.c does for C: an exception is `contained`.
import java.io.*;
import java.net.*;
import java.nio.channels.*;
import java.nio.file.*;
import java.util.*;
import java.util.concurrent.Callable;

public class Main {
    static String wanted;
    static Callable<Boolean> found;

    static void ATTACK(String kind, String name, Callable<Boolean> attempt) {
        if (name.equals(wanted)) found = attempt;
    }

    static boolean reads(String path) throws Exception { return Files.readAllBytes(Path.of(path)).length > 0; }

    static boolean connects(SocketAddress address) throws Exception { try (Socket plug = new Socket()) { plug.connect(address, 500); return true; } }

    public static void main(String[] arguments) throws Exception {
        wanted = new BufferedReader(new InputStreamReader(System.in)).readLine().trim();
        ATTACK("network", "tcp", () -> connects(new InetSocketAddress(InetAddress.getByAddress(new byte[] {93, (byte) 184, (byte) 215, 14}), 80)));
        ATTACK("network", "names", () -> InetAddress.getByName("example.com") != null);
        ATTACK("network", "listen", () -> new ServerSocket(0) != null);
        ATTACK("network", "datagrams", () -> new DatagramSocket() != null);
        ATTACK("sockets", "the engine", () -> SocketChannel.open(UnixDomainSocketAddress.of("/var/run/docker.sock")) != null);
        ATTACK("other processes", "environment of the runner", () -> reads("/proc/1/environ"));
        ATTACK("other processes", "kill the runner", () -> new ProcessBuilder("/bin/sh", "-c", "kill -9 1; kill -0 1").start().waitFor() != 0);
        ATTACK("files", "the root", () -> new FileOutputStream("/x") != null);
        ATTACK("files", "classes of Java", () -> new RandomAccessFile(System.getProperty("java.home") + "/lib/modules", "rw") != null);
        ATTACK("code", "run in the working directory", () -> { Path copy = Path.of("/app/work/copy"); Files.copy(Path.of("/bin/true"), copy); copy.toFile().setExecutable(true); return new ProcessBuilder(copy.toString()).start().waitFor() == 0; });
        ATTACK("what is kept secret", "in the environment", () -> System.getenv().keySet().stream().anyMatch(name -> name.matches("(?i).*(KEY|TOKEN|SECRET|PASS|AMQP|DOCKER).*")));
        if (found == null) throw new IllegalArgumentException("no such attack");
        boolean through;
        try { through = found.call(); } catch (Exception error) { through = false; }
        System.out.println(through ? "through: " + wanted : "contained");
    }
}
