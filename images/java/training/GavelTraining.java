import java.io.*;
import java.util.*;
import java.util.function.*;
import java.util.stream.*;

/** What contest programs do: what compiling and running it loads goes into the class archives. */
public class GavelTraining {
    record Edge(int to, long weight) {}

    sealed interface Shape permits Circle, Square {}
    record Circle(double radius) implements Shape {}
    record Square(double side) implements Shape {}

    enum Color { RED, GREEN }

    static <T extends Comparable<T>> T largest(List<T> items) {
        T best = items.get(0);
        for (T item : items) if (item.compareTo(best) > 0) best = item;
        return best;
    }

    static double area(Shape shape) {
        return switch (shape) {
            case Circle circle -> Math.PI * circle.radius() * circle.radius();
            case Square(double side) -> side * side;
        };
    }

    static long[] dijkstra(List<List<Edge>> graph, int from) {
        long[] distance = new long[graph.size()];
        Arrays.fill(distance, Long.MAX_VALUE);
        PriorityQueue<long[]> queue = new PriorityQueue<>((a, b) -> Long.compare(a[0], b[0]));
        queue.add(new long[] {0, from});
        distance[from] = 0;
        while (!queue.isEmpty()) {
            long[] top = queue.poll();
            int node = (int) top[1];
            if (top[0] > distance[node]) continue;
            for (Edge edge : graph.get(node)) {
                long next = top[0] + edge.weight();
                if (next < distance[edge.to()]) {
                    distance[edge.to()] = next;
                    queue.add(new long[] {next, edge.to()});
                }
            }
        }
        return distance;
    }

    public static void main(String[] args) throws IOException {
        Scanner scanner = new Scanner(System.in);
        BufferedReader reader = new BufferedReader(new StringReader("3 4\n"));
        StringTokenizer tokens = new StringTokenizer(reader.readLine());
        int a = Integer.parseInt(tokens.nextToken()), b = Integer.parseInt(tokens.nextToken());
        if (scanner.hasNextInt()) a += scanner.nextInt();
        if (scanner.hasNext()) scanner.next();
        if (scanner.hasNextLine()) scanner.nextLine();
        Map<String, Integer> counts = new TreeMap<>();
        for (String word : "to be or not to be".split(" ")) counts.merge(word, 1, Integer::sum);
        Deque<Integer> deque = new ArrayDeque<>(List.of(1, 2, 3));
        Set<Integer> set = new HashSet<>(deque);
        List<Integer> list = IntStream.range(0, 10).boxed().filter(i -> i % 2 == 0).collect(Collectors.toList());
        Collections.sort(list, Comparator.reverseOrder());
        Function<Integer, Integer> twice = i -> i * 2;
        Supplier<String> text = () -> String.join(",", counts.keySet());
        List<List<Edge>> graph = new ArrayList<>();
        for (int i = 0; i < 3; i++) graph.add(new ArrayList<>());
        graph.get(0).add(new Edge(1, 5));
        StringBuilder out = new StringBuilder();
        out.append(a + b).append('\n').append(set.size()).append(twice.apply(3)).append(text.get());
        out.append(largest(list)).append(area(new Square(2))).append(dijkstra(graph, 0)[1]);
        out.append(Color.valueOf("RED")).append(counts.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue()).collect(Collectors.joining(";")));
        System.out.println(out);
        System.out.printf("%d %.3f %s%n", a, 1.5, "x");
        PrintWriter writer = new PrintWriter(new BufferedWriter(new OutputStreamWriter(System.out)));
        writer.println(new java.math.BigInteger("123456789012345678901234567890").multiply(java.math.BigInteger.TWO));
        writer.println(String.format("%05d", 42));
        writer.flush();
        try {
            Object[] objects = new Integer[1];
            System.err.println(objects[a - a + 1]);
        } catch (ArrayIndexOutOfBoundsException error) {
            error.printStackTrace();
        }
        Thread thread = new Thread(() -> System.out.println("thread"));
        thread.start();
        try {
            thread.join();
        } catch (InterruptedException ignored) {
        }
    }
}
