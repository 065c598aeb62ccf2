public class Main {
    static volatile long turns;

    public static void main(String[] args) {
        while (turns != -1) {
            turns++;
        }
        System.out.println(turns);
    }
}
