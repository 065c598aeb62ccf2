public class Start {
    public static void main(String[] args) {
        System.out.println(new Answer().text());
    }
}
