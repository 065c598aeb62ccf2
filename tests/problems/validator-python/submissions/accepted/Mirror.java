import java.util.Scanner;

public class Mirror {
    public static void main(String[] args) {
        int n = new Scanner(System.in).nextInt();
        if (n == 1) {
            System.out.println(1);
        } else if (n < 4) {
            System.out.println("impossible");
        } else {
            StringBuilder out = new StringBuilder();
            for (int i = 2; i <= n; i += 2) out.append(n + 1 - i).append(' ');
            for (int i = 1; i <= n; i += 2) out.append(n + 1 - i).append(' ');
            System.out.println(out);
        }
    }
}
