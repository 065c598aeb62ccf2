import java.util.Scanner;

public class Pairs {
    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        int n = in.nextInt(), k = in.nextInt();
        long[] a = new long[n];
        for (int i = 0; i < n; i++) a[i] = in.nextLong();
        for (int mask = (1 << n) - 1; mask > 0; mask--) {
            if (Integer.bitCount(mask) != k) continue;
            long sum = 0;
            StringBuilder out = new StringBuilder();
            for (int i = 0; i < n; i++) {
                if ((mask >> i & 1) == 1) {
                    sum += a[i];
                    out.append(i + 1).append(' ');
                }
            }
            if (sum == 0) {
                System.out.println(out);
                return;
            }
        }
        System.out.println(-1);
    }
}
