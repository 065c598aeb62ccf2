import java.util.Scanner;

public class Thrown {
    public static void main(String[] args) {
        System.out.println(2);
        System.out.flush();
        throw new IllegalStateException(new Scanner(System.in).next());
    }
}
