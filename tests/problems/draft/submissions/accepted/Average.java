import java.util.*;

public class Average {
    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        int n = in.nextInt();
        long sum = 0;
        for (int i = 0; i < n; i++) sum += in.nextInt();
        System.out.println((double) sum / n + " " + (sum % 2 == 0 ? "Even" : "Odd"));
    }
}
