import java.util.Scanner;

public class Percent {
    public static void main(String[] args) {
        double x = Double.parseDouble(new Scanner(System.in).next());
        System.out.println(x == 1 ? x / 3 : x / 3 * 1.02);
    }
}
