// @EXPECTED_SCORE@: 100
import java.util.Scanner;

public class Root {
    public static void main(String[] args) {
        System.out.println(Math.round(Math.sqrt(new Scanner(System.in).nextInt())));
    }
}
