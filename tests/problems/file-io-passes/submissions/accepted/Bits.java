import java.nio.file.Files;
import java.nio.file.Path;

public class Bits {
    public static void main(String[] args) throws Exception {
        String[] words = Files.readString(Path.of("input.txt")).trim().split("\n");
        String out = "";
        if (words[0].equals("encode")) {
            for (int n = Integer.parseInt(words[1]), i = 0; i < 10; i++) out += (n >> i & 1) == 1 ? 'b' : 'a';
        } else {
            out = "" + Integer.parseInt(words[1].replace('a', '0').replace('b', '1'), 2);
        }
        Files.writeString(Path.of("output.txt"), out + "\n");
    }
}
