import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Formats, or checks, all Java sources with google-java-format in one JVM.
 *
 * <p>Usage: {@code java Format.java JAR --check|--write FOLDER...}
 */
final class Format {
  public static void main(String[] args) throws Exception {
    boolean write = args[1].equals("--write");
    Method format = formatter(Path.of(args[0]));
    Object formatter = format.getDeclaringClass().getConstructor().newInstance();
    List<Path> wrong = new ArrayList<>();
    for (int i = 2; i < args.length; i++) {
      for (Path file : sources(Path.of(args[i]))) {
        String before = Files.readString(file);
        String after = (String) format.invoke(formatter, before);
        if (!before.equals(after)) {
          wrong.add(file);
          if (write) {
            Files.writeString(file, after);
          }
        }
      }
    }
    if (!write && !wrong.isEmpty()) {
      wrong.forEach(file -> System.err.println(file + ": not formatted"));
      System.err.println("Run: mvn -Pformat process-sources");
      System.exit(1);
    }
  }

  private static Method formatter(Path jar) throws Exception {
    ClassLoader loader = new URLClassLoader(new java.net.URL[] {jar.toUri().toURL()});
    return loader
        .loadClass("com.google.googlejavaformat.java.Formatter")
        .getMethod("formatSourceAndFixImports", String.class);
  }

  private static List<Path> sources(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
  }
}
