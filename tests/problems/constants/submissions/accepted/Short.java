import java.util.Scanner;

public class Short {
    public static void main(String[] args) {
        System.out.println(Math.min(new Scanner(System.in).nextInt() + 1, {{LIMIT}}) + " {{WORD}}");
    }
}
