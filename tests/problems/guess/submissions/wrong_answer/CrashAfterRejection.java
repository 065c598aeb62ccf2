import java.util.Scanner;

public class CrashAfterRejection {
    public static void main(String[] args) {
        System.out.println("hello");
        System.out.flush();
        System.out.println(new Scanner(System.in).next());
    }
}
