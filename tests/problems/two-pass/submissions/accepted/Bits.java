import java.util.Scanner;

public class Bits {
    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        if (in.next().equals("encode")) {
            int n = in.nextInt();
            StringBuilder out = new StringBuilder();
            for (int i = 0; i < 10; i++) out.append((n >> i & 1) == 1 ? 'a' : 'b');
            System.out.println(out);
        } else {
            int n = 0;
            for (char c : in.next().toCharArray()) n = n * 2 + (c == 'a' ? 1 : 0);
            System.out.println(n);
        }
    }
}
