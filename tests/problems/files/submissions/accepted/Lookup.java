import java.nio.file.*;
import java.util.Scanner;

public class Lookup {
    public static void main(String[] args) throws Exception {
        String key = new Scanner(System.in).next(), found = "missing";
        Path table = Path.of("table.txt");
        if (Files.exists(table)) {
            for (String line : Files.readAllLines(table)) {
                if (line.startsWith(key + " ")) found = line.substring(key.length() + 1);
            }
        }
        System.out.println(found);
        for (String arg : args) System.out.println("[" + arg + "]");
    }
}
