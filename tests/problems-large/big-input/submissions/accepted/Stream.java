import java.io.*;

public class Stream {
    public static void main(String[] args) throws IOException {
        DataInputStream in = new DataInputStream(System.in);
        byte[] buffer = new byte[1 << 16];
        long sum = 0, number = 0;
        boolean first = true, inside = false;
        int got;
        while ((got = in.read(buffer)) > 0) {
            for (int i = 0; i < got; i++) {
                if (buffer[i] >= '0') {
                    number = number * 10 + (buffer[i] - '0');
                    inside = true;
                } else if (inside) {
                    if (!first) sum += number;
                    first = false;
                    number = 0;
                    inside = false;
                }
            }
        }
        System.out.println(sum);
    }
}
