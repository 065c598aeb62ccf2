import java.util.Scanner;

public class Application {
    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        Pair pair = new Pair(in.nextLong(), in.nextLong());
        System.out.println(pair.gcd() + " " + pair.lcm());
    }
}
