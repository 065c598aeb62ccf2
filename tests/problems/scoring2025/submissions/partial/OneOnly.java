import java.util.Scanner;

// All divisors where all are wanted, only some in the groups that give points for a part:
// 20 + min(2/6, 20/60) * 30 + (1/4 + 1/12 + 1/30 + 1/16) * 12.5 = 35.36458...
public class OneOnly {
    public static void main(String[] args) {
        int n = new Scanner(System.in).nextInt();
        int most = n == 6 || n == 12 || n == 30 ? n : n == 28 ? 2 : n == 5040 ? 20 : 1;
        for (int d = 1; d <= n && most > 0; d++) {
            if (n % d != 0) continue;
            System.out.println(d);
            most--;
        }
    }
}
