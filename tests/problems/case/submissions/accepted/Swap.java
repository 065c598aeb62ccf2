import java.util.Scanner;

public class Swap {
    public static void main(String[] args) {
        StringBuilder out = new StringBuilder();
        for (char c : new Scanner(System.in).nextLine().toCharArray()) {
            out.append(Character.isUpperCase(c) ? Character.toLowerCase(c) : Character.toUpperCase(c));
        }
        System.out.println(out + "   ");
    }
}
