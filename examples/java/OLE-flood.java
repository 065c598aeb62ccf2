public class Main {
    public static void main(String[] args) {
        String line = "7".repeat(1023);
        while (!System.out.checkError()) {
            System.out.println(line);
        }
    }
}
