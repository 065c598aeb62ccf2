import java.util.Scanner;

public class Right {
    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        long a = in.nextLong(), b = in.nextLong(), g = Other.gcd(a, b);
        System.out.println(g + " " + a / g * b);
    }
}
