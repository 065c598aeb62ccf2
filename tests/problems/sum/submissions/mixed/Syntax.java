// @EXPECTED_RESULTS@: COMPILER-ERROR
public class Syntax { public static void main(String[] args) { int x = "text"; } }
