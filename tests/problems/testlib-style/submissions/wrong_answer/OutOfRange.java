public class OutOfRange {
    public static void main(String[] args) {
        System.out.println("99 100");
    }
}
