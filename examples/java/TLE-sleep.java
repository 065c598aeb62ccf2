public class Main {
    public static void main(String[] args) throws InterruptedException {
        Thread.sleep(60_000);
        System.out.println(7);
    }
}
