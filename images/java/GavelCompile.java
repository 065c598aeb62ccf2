import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.NestingKind;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.TypeKind;
import javax.lang.model.util.ElementFilter;
import javax.tools.ForwardingJavaFileObject;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Compiles every source below a folder and finds out where the program begins.
 *
 * <p>Arguments: source folder, output folder, entry file. The output folder receives the classes and {@code launch},
 * an argument file for {@code java} that names the main class. Exit codes: 0 compiled, 1 the sources are at fault.
 *
 * <p>Unlike javac it accepts a public class whose file has another name, because whoever submits one file does not
 * choose its name.
 */
public final class GavelCompile {
    private static final List<String> OPTIONS = List.of(
            "-encoding", "UTF-8", "-proc:none", "-implicit:none", "-nowarn", "-Xlint:none", "-Xmaxerrs", "20");

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]).toAbsolutePath();
        Path output = Path.of(args[1]);
        Path entry = Path.of(args[2]);

        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            List<String> options = new ArrayList<>(OPTIONS);
            options.addAll(List.of("-d", output.toString(), "-classpath", output.toString()));
            List<Source> sources = sources(files, folder);
            if (sources.isEmpty()) {
                System.err.println("error: no file ends in .java");
                System.exit(1);
            }
            JavacTask task = (JavacTask) compiler.getTask(null, files, null, options, null, sources);
            List<Main> mains = new ArrayList<>();
            for (var element : task.analyze()) {
                if (element instanceof TypeElement type && type.getNestingKind() == NestingKind.TOP_LEVEL) {
                    mainOf(type, task).ifPresent(mains::add);
                }
            }
            if (!generated(task)) {
                System.exit(1);
            }
            String main = choose(mains, entry);
            if (main == null) {
                System.err.println("error: no class has a main method: public static void main(String[] args)");
                System.exit(1);
            }
            Files.writeString(output.resolve("launch"), "\"" + main + "\"\n");
        }
    }

    /** Writes the classes; false when there are errors, which javac has printed. */
    private static boolean generated(JavacTask task) throws IOException {
        return task.generate().iterator().hasNext();
    }

    private static List<Source> sources(StandardJavaFileManager files, Path folder) throws IOException {
        try (Stream<Path> walk = Files.walk(folder)) {
            List<Path> paths = walk.filter(path -> path.toString().endsWith(".java")).sorted().toList();
            List<Source> sources = new ArrayList<>();
            for (JavaFileObject file : files.getJavaFileObjectsFromPaths(paths)) {
                sources.add(new Source(file, folder));
            }
            return sources;
        }
    }

    /** {@code usual}: the form that every Java version knows, public static void main(String[]). */
    private record Main(String className, boolean usual) {}

    private static Optional<Main> mainOf(TypeElement type, JavacTask task) {
        Main found = null;
        for (ExecutableElement method : ElementFilter.methodsIn(task.getElements().getAllMembers(type))) {
            if (!method.getSimpleName().contentEquals("main")
                    || method.getReturnType().getKind() != TypeKind.VOID
                    || method.getModifiers().contains(Modifier.PRIVATE)) {
                continue;
            }
            var parameters = method.getParameters();
            boolean takesArguments = parameters.size() == 1
                    && parameters.get(0).asType().toString().equals("java.lang.String[]");
            if (!takesArguments && !parameters.isEmpty()) {
                continue;
            }
            boolean usual = takesArguments
                    && method.getModifiers().contains(Modifier.PUBLIC)
                    && method.getModifiers().contains(Modifier.STATIC);
            if (found == null || usual) {
                found = new Main(task.getElements().getBinaryName(type).toString(), usual);
            }
        }
        return Optional.ofNullable(found);
    }

    /** The usual form before the others; among equals a class Main, then the entry file's namesake, then the first. */
    private static String choose(List<Main> mains, Path entry) {
        String namesake = entry.getFileName().toString().replaceFirst("\\.java$", "");
        Main best = null;
        int bestRank = -1;
        for (Main main : mains) {
            String simple = main.className().substring(main.className().lastIndexOf('.') + 1);
            int rank = (main.usual() ? 4 : 0) + (simple.equals("Main") ? 2 : 0) + (simple.equals(namesake) ? 1 : 0);
            if (rank > bestRank) {
                best = main;
                bestRank = rank;
            }
        }
        return best == null ? null : best.className();
    }

    /** A source whose class may have any name, and whose diagnostics show its path as it was submitted. */
    private static final class Source extends ForwardingJavaFileObject<JavaFileObject> {
        private final String name;

        Source(JavaFileObject file, Path folder) {
            super(file);
            name = folder.relativize(Path.of(file.toUri())).toString();
        }

        @Override
        public boolean isNameCompatible(String simpleName, Kind kind) {
            return kind == Kind.SOURCE;
        }

        @Override
        public String getName() {
            return name;
        }
    }
}
