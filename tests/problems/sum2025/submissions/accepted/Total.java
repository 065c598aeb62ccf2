import java.io.*;
import java.util.*;

class Total {
    public static void main(String[] args) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        in.readLine();
        long sum = 0;
        for (String word : in.readLine().trim().split(" ")) sum += Long.parseLong(word);
        System.out.println(sum);
    }
}
