import java.io.*;

public class OneMore {
    public static void main(String[] args) throws IOException {
        int n = Integer.parseInt(new BufferedReader(new InputStreamReader(System.in)).readLine().trim());
        PrintWriter out = new PrintWriter(new BufferedWriter(new OutputStreamWriter(System.out), 1 << 16));
        for (int i = 1; i <= n + 1; i++) {
            out.print(i);
            out.print('\n');
        }
        out.flush();
    }
}
