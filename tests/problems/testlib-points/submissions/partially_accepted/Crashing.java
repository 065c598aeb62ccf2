// Test 4 crashes, and the others count: 3 * 25 points.
// @EXPECTED_SCORE@: 75
import java.util.Scanner;

public class Crashing {
    public static void main(String[] args) {
        int x = new Scanner(System.in).nextInt();
        if (x == 10000) throw new IllegalStateException("on purpose");
        System.out.println(Math.round(Math.sqrt(x)));
    }
}
