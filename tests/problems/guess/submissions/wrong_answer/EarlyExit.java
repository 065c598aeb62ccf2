public class EarlyExit {
    public static void main(String[] args) {
        System.out.println(2);
        System.out.flush();
    }
}
