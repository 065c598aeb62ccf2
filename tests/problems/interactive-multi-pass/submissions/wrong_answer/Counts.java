import java.util.Scanner;

public class Counts {
    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        in.nextInt();
        for (int guess = 1; ; guess++) {
            System.out.println(guess);
            System.out.flush();
            if (!in.hasNext() || in.next().equals("correct")) return;
        }
    }
}
