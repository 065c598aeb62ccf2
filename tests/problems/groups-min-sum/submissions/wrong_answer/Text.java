// @EXPECTED_SCORE@: 0
public class Text {
    public static void main(String[] args) {
        System.out.println("a lot");
    }
}
