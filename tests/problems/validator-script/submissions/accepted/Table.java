import java.util.Scanner;

public class Table {
    public static void main(String[] args) {
        System.out.println(new Scanner(System.in).next().charAt(0) - 'a' + 1);
    }
}
