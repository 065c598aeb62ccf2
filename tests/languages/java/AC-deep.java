import java.util.Scanner;

public class Main {
    static int down(int n) {
        return n == 0 ? 0 : 1 + down(n - 1);
    }

    public static void main(String[] args) {
        System.out.println(down(new Scanner(System.in).nextInt()));
    }
}
