import java.io.*;

public class Stops {
    public static void main(String[] args) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        OutputStream out = new FileOutputStream(FileDescriptor.out);
        int n = Math.min(50000, Integer.parseInt(in.readLine()));
        for (int i = 0; i < n; i++) out.write((Long.parseLong(in.readLine()) + 1 + "\n").getBytes());
    }
}
