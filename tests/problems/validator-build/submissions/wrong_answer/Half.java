import java.util.Scanner;

public class Half {
    public static void main(String[] args) {
        System.out.println(new Scanner(System.in).nextInt() / 2);
    }
}
