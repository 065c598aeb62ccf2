import java.util.Scanner;

public class Lower {
    public static void main(String[] args) {
        System.out.println(new Scanner(System.in).nextLine().toLowerCase());
    }
}
