// @EXPECTED_SCORE@: 100
import java.util.*;

public class Pair {
    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        long[] a = new long[in.nextInt()];
        for (int i = 0; i < a.length; i++) a[i] = in.nextLong();
        Arrays.sort(a);
        System.out.println(a[a.length - 1] + a[a.length - 2]);
    }
}
