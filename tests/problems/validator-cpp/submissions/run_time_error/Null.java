public class Null {
    public static void main(String[] args) {
        String nothing = args.length > 5 ? "x" : null;
        System.out.println(nothing.length());
    }
}
