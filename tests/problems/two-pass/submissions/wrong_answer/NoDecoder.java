public class NoDecoder {
    public static void main(String[] args) {
        System.out.println("bab");
    }
}
