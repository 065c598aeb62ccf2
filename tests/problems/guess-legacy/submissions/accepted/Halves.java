import java.io.*;

public class Halves {
    public static void main(String[] args) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        int low = 1, high = 100;
        while (low < high) {
            int middle = (low + high + 1) / 2;
            System.out.println("? " + middle);
            System.out.flush();
            if (in.readLine().equals("yes")) low = middle;
            else high = middle - 1;
        }
        System.out.println("! " + low);
        System.out.flush();
    }
}
