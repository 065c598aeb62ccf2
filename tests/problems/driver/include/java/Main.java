import java.util.Scanner;

class Main {
    public static void main(String[] args) {
        System.out.println(Plus.one(new Scanner(System.in).nextLong()));
    }
}
