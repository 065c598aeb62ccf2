import java.util.Scanner;

public class All {
    public static void main(String[] args) {
        int n = new Scanner(System.in).nextInt();
        for (int d = 1; d * d <= n; d++) {
            if (n % d != 0) continue;
            System.out.println(d);
            if (d * d != n) System.out.println(n / d);
        }
    }
}
