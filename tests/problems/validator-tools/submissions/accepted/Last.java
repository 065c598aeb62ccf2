class Last {
    public static void main(String[] args) {
        System.out.println(991);
    }
}
