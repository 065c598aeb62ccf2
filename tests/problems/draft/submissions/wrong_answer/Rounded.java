import java.util.*;

public class Rounded {
    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        int n = in.nextInt();
        long sum = 0;
        for (int i = 0; i < n; i++) sum += in.nextInt();
        System.out.printf(Locale.ROOT, "%.2f %s%n", (double) sum / n, sum % 2 == 0 ? "Even" : "Odd");
    }
}
