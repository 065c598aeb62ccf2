import java.util.Scanner;

public class Binary {
    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        int low = 1, high = 1000;
        while (true) {
            int guess = (low + high) / 2;
            System.out.println(guess);
            System.out.flush();
            String reply = in.next();
            if (reply.equals("correct")) return;
            if (reply.equals("lower")) high = guess - 1;
            else low = guess + 1;
        }
    }
}
