import java.io.BufferedReader;
import java.io.InputStreamReader;

public class Waits {
    public static void main(String[] args) throws Exception {
        var in = new BufferedReader(new InputStreamReader(System.in));
        long n = Long.parseLong(in.readLine());
        System.out.println(n * (n - 1) / 2);
        while (in.readLine() != null) {}
        System.out.println("you are welcome");
    }
}
