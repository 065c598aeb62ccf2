import java.util.Scanner;

public class FloatPrecision {
    public static void main(String[] args) {
        double r = Double.parseDouble(new Scanner(System.in).next());
        System.out.printf(java.util.Locale.ROOT, "area %.4e%n", Math.PI * r * r);
    }
}
