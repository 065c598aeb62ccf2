import com.sun.source.util.JavacTask;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.lang.model.SourceVersion;
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
 * choose its name; an entry file of any name; and a byte order mark, which editors on Windows write.
 */
public final class GavelCompile {
    private static final List<String> OPTIONS = List.of(
            "-encoding", "UTF-8", "-proc:none", "-implicit:none", "-nowarn", "-Xlint:none", "-Xmaxerrs", "20");

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]).toAbsolutePath();
        Path output = Path.of(args[1]);
        Path entry = Path.of(args[2]).toAbsolutePath();

        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            List<String> options = new ArrayList<>(OPTIONS);
            options.addAll(List.of("-d", output.toString(), "-classpath", output.toString()));
            List<Source> sources = sources(files, folder, entry);
            var messages = new StringWriter();
            JavacTask task = (JavacTask) compiler.getTask(messages, files, null, options, null, sources);
            List<Main> mains = new ArrayList<>();
            Trees trees = Trees.instance(task);
            for (var element : task.analyze()) {
                if (element instanceof TypeElement type && type.getNestingKind() == NestingKind.TOP_LEVEL) {
                    String file = trees.getPath(type).getCompilationUnit().getSourceFile().getName();
                    boolean inEntry = file.equals(folder.relativize(entry).toString());
                    mainOf(type, task, inEntry).ifPresent(mains::add);
                }
            }
            boolean generated = task.generate().iterator().hasNext();
            System.err.print(messages);
            if (!generated && !messages.toString().isBlank()) {
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

    /** Every file that ends in .java, and the entry whatever it is called. */
    private static List<Source> sources(StandardJavaFileManager files, Path folder, Path entry) throws IOException {
        try (Stream<Path> walk = Files.walk(folder)) {
            List<Source> sources = new ArrayList<>();
            for (Path path : walk.filter(Files::isRegularFile).sorted().toList()) {
                if (path.equals(entry) || path.toString().endsWith(".java")) {
                    sources.add(new Source(files.getJavaFileObjects(path).iterator().next(), path, folder));
                }
            }
            return sources;
        }
    }

    /**
     * A class that a program can begin with.
     *
     * @param usual the form that every Java version knows, public static void main(String[])
     * @param inEntry whether it stands in the entry file
     * @param open whether the class is public
     */
    private record Main(String className, boolean usual, boolean inEntry, boolean open) {
        String simpleName() {
            return className.substring(className.lastIndexOf('.') + 1);
        }
    }

    private static Optional<Main> mainOf(TypeElement type, JavacTask task, boolean inEntry) {
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
                String name = task.getElements().getBinaryName(type).toString();
                found = new Main(name, usual, inEntry, type.getModifiers().contains(Modifier.PUBLIC));
            }
        }
        return Optional.ofNullable(found);
    }

    /**
     * The entry file before other files, the usual form before the others, then a public class, a class Main, the
     * entry file's namesake, the first.
     */
    private static String choose(List<Main> mains, Path entry) {
        String namesake = entry.getFileName().toString().replaceFirst("\\.java$", "");
        Comparator<Main> rank = Comparator.comparing(Main::inEntry)
                .thenComparing(Main::usual)
                .thenComparing(Main::open)
                .thenComparing(main -> main.simpleName().equals("Main"))
                .thenComparing(main -> main.simpleName().equals(namesake));
        // Of equals the first is kept.
        return mains.stream().reduce((best, next) -> rank.compare(next, best) > 0 ? next : best)
                .map(Main::className).orElse(null);
    }

    /**
     * A source whose class and file may have any name, that may begin with a byte order mark, and whose diagnostics
     * show its path as it was submitted.
     */
    private static final class Source extends ForwardingJavaFileObject<JavaFileObject> {
        private final Path path;
        private final String name;

        Source(JavaFileObject file, Path path, Path folder) {
            super(file);
            this.path = path;
            name = folder.relativize(path).toString();
        }

        @Override
        public Kind getKind() {
            return Kind.SOURCE;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) throws IOException {
            CharSequence text = super.getCharContent(ignoreEncodingErrors);
            // Blanked, not cut, so that javac's columns stay those of the file.
            return text.isEmpty() || text.charAt(0) != '\uFEFF' ? text : " " + text.subSequence(1, text.length());
        }

        /** The class of a compact source file is named after the file, which is not always a name for a class. */
        @Override
        public URI toUri() {
            String stem = path.getFileName().toString().replaceFirst("\\.java$", "");
            boolean named = SourceVersion.isIdentifier(stem) && !SourceVersion.isKeyword(stem);
            return named ? super.toUri() : path.resolveSibling("Main.java").toUri();
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
