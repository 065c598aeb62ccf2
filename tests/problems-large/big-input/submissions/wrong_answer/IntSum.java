import java.io.*;

public class IntSum {
    public static void main(String[] args) throws IOException {
        DataInputStream in = new DataInputStream(System.in);
        byte[] buffer = new byte[1 << 16];
        int sum = 0, number = 0;
        int got;
        while ((got = in.read(buffer)) > 0) {
            for (int i = 0; i < got; i++) {
                if (buffer[i] >= '0') {
                    number = number * 10 + (buffer[i] - '0');
                } else {
                    sum += number;
                    number = 0;
                }
            }
        }
        System.out.println(sum);
    }
}
