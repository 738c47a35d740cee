import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Prints the modules of Java that a program on the class path needs, its libraries included: java RuntimeModules.java FILE|FOLDER...
 *
 * jdeps by itself takes a jar with a module-info for a module, and fails when another that this one requires is not there, although on
 * the class path nobody asks for it. So it is shown the classes of all jars together, without their module-infos.
 */
final class RuntimeModules {
  public static void main(String[] roots) throws IOException {
    Path classes = Files.createTempDirectory("classes");
    for (String root : roots) {
      for (Path jar : jarsBelow(Path.of(root))) unpack(jar, classes);
    }
    String release = String.valueOf(Runtime.version().feature());
    ToolProvider jdeps = ToolProvider.findFirst("jdeps").orElseThrow();
    String[] words = {"--ignore-missing-deps", "--print-module-deps", "--multi-release", release, classes.toString()};
    System.exit(jdeps.run(System.out, System.err, words));
  }

  private static List<Path> jarsBelow(Path root) throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      return paths.filter(path -> path.toString().endsWith(".jar")).sorted().toList();
    }
  }

  private static void unpack(Path jar, Path classes) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      for (ZipEntry entry : (Iterable<ZipEntry>) zip.stream().<ZipEntry>map(each -> each)::iterator) {
        Path target = classes.resolve(entry.getName()).normalize();
        if (isClass(entry.getName()) && target.startsWith(classes) && Files.notExists(target)) write(zip, entry, target);
      }
    }
  }

  private static boolean isClass(String name) {
    return name.endsWith(".class") && !name.endsWith("module-info.class");
  }

  private static void write(ZipFile zip, ZipEntry entry, Path target) throws IOException {
    Files.createDirectories(target.getParent());
    try (InputStream bytes = zip.getInputStream(entry)) {
      Files.copy(bytes, target);
    }
  }
}
