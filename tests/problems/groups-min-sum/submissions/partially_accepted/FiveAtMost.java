// Crashes on the second test of medium, which costs that group alone.
// @EXPECTED_SCORE@: 70
import java.util.*;

public class FiveAtMost {
    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        int n = in.nextInt();
        long[] a = new long[5];
        Arrays.fill(a, Long.MIN_VALUE);
        for (int i = 0; i < n; i++) a[i] = in.nextLong();
        Arrays.sort(a);
        System.out.println(a[4] + a[3]);
    }
}
