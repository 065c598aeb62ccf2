import java.util.Scanner;

public class Binary {
    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        in.nextInt();
        int low = 1, high = 1000;
        String reply = "";
        while (!reply.equals("correct")) {
            int guess = (low + high) / 2;
            System.out.println(guess);
            System.out.flush();
            reply = in.next();
            if (reply.equals("lower")) high = guess - 1;
            else low = guess + 1;
        }
    }
}
