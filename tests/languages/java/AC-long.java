import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;

public class Main {
    public static void main(String[] args) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
        long count = 0, sum = 0;
        for (String line; (line = lines.readLine()) != null; count++) sum += Long.parseLong(line);
        System.out.println(count + " " + sum);
    }
}
