import java.util.Scanner;

// Right everywhere but in the sample, which every group requires.
public class FailsSample {
    public static void main(String[] args) {
        int n = new Scanner(System.in).nextInt();
        for (int d = 1; d <= n; d++) {
            if (n % d == 0 || n == 6) System.out.println(d);
        }
    }
}
