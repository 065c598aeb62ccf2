import java.util.Scanner;

public class Spin {
    static volatile int x;

    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        int n = in.nextInt();
        long sum = 0;
        for (int i = 0; i < n; i++) sum += in.nextLong();
        while (sum < 0) x++;
        System.out.println(sum);
    }
}
