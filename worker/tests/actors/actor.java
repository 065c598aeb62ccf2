// Acts out a script; see actor.c.
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;

public class Main {
    static long number(String text, long otherwise) {
        return text.isEmpty() ? otherwise : Long.parseLong(text);
    }

    public static void main(String[] args) throws Exception {
        String script = args.length > 1 ? Files.readString(Path.of(args[0])) : args[0];
        var in = new BufferedReader(new InputStreamReader(System.in));
        for (String word : script.trim().split("\\s+")) {
            int at = word.indexOf('=');
            String op = at < 0 ? word : word.substring(0, at), arg = at < 0 ? "" : word.substring(at + 1);
            switch (op) {
                case "say", "mutter" -> System.out.println(arg);
                case "flood" -> {
                    String kib = "x".repeat(1023);
                    for (long i = number(arg, Long.MAX_VALUE); i > 0; i--) System.out.println(kib);
                }
                case "hear" -> in.readLine();
                case "want" -> {
                    String[] parts = arg.split(":");
                    if (!parts[0].equals(in.readLine())) System.exit(Integer.parseInt(parts[1]));
                }
                case "eof" -> { while (in.readLine() != null) {} }
                case "nap" -> Thread.sleep(number(arg, 600000));
                case "spin" -> {
                    long end = System.nanoTime() + number(arg, 600000) * 1000000;
                    while (System.nanoTime() < end) {}
                }
                case "hush" -> System.out.close();
                case "deaf" -> System.in.close();
                case "bomb" -> {
                    var held = new ArrayList<byte[]>();
                    while (true) held.add(new byte[1 << 20]);
                }
                case "crash" -> throw new IllegalStateException("crash");
                case "exit" -> System.exit(Integer.parseInt(arg));
                default -> System.exit(98);
            }
        }
        System.exit(97);
    }
}
