import java.util.Scanner;

public class Third {
    public static void main(String[] args) {
        System.out.println(Double.parseDouble(new Scanner(System.in).next()) / 3);
    }
}
