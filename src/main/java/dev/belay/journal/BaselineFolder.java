package dev.belay.journal;

import dev.belay.core.release.TemplateDigest;
import dev.belay.core.release.Workload;
import dev.belay.port.Baseline;
import dev.belay.port.Baselines;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Revisions as files, {@code NAMESPACE/KIND/NAME/DIGEST.json}, whose names vouch for what is in
 * them: the digest is that of the template. Only the daemon's own user may read them, as a template
 * may hold what people should have put into a Secret.
 */
public final class BaselineFolder implements Baselines {
  private static final Logger LOG = LoggerFactory.getLogger(BaselineFolder.class);

  /** No object of Kubernetes is larger than etcd takes. */
  private static final long BYTES_AT_MOST = 2 << 20;

  private static final String SUFFIX = ".json";

  /** Names that are names of files as well, and none that leads elsewhere. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,252}");

  private final Path folder;
  private final JsonMapper json = JournalJson.facts();

  /** Keeps them in this folder, which is made when the first is kept. */
  public BaselineFolder(Path folder) {
    this.folder = folder;
  }

  @Override
  public synchronized void keep(Baseline baseline) {
    try {
      Path home = home(baseline.workload());
      Path file = home.resolve(name(baseline.revision().digest()) + SUFFIX);
      if (Files.exists(file)) {
        return;
      }
      Files.createDirectories(
          home, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      write(home, file, json.writeValueAsBytes(baseline));
      forget(home);
    } catch (IOException e) {
      throw new UncheckedIOException("a revision cannot be kept in " + folder, e);
    }
  }

  /** Whole or not at all, whenever the power fails. */
  private static void write(Path home, Path file, byte[] content) throws IOException {
    Path half =
        Files.createTempFile(
            home,
            "half-",
            ".tmp",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      try (FileChannel out = FileChannel.open(half, StandardOpenOption.WRITE)) {
        ByteBuffer left = ByteBuffer.wrap(content);
        while (left.hasRemaining()) {
          out.write(left);
        }
        out.force(true);
      }
      Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(half);
    }
    try (FileChannel entries = FileChannel.open(home, StandardOpenOption.READ)) {
      entries.force(true);
    }
  }

  /** The ones that were kept first make room. */
  private static void forget(Path home) throws IOException {
    List<Path> eldestFirst;
    try (Stream<Path> files = Files.list(home)) {
      eldestFirst =
          files
              .filter(file -> file.toString().endsWith(SUFFIX))
              .sorted(Comparator.comparing(BaselineFolder::keptAt))
              .toList();
    }
    for (Path file : eldestFirst.subList(0, Math.max(0, eldestFirst.size() - AT_MOST))) {
      Files.deleteIfExists(file);
    }
  }

  private static FileTime keptAt(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Set<String> kept(Workload workload) {
    try (Stream<Path> files = Files.list(home(workload))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(SUFFIX))
          .map(name -> name.substring(0, name.length() - SUFFIX.length()))
          .collect(Collectors.toUnmodifiableSet());
    } catch (NoSuchFileException e) {
      return Set.of();
    } catch (IOException e) {
      LOG.atWarn().log("what is kept in {} cannot be read: {}", folder, e.toString());
      return Set.of();
    }
  }

  @Override
  public Optional<Baseline> find(Workload workload, String digest) {
    Path file = home(workload).resolve(name(digest) + SUFFIX);
    try {
      if (Files.size(file) > BYTES_AT_MOST) {
        return unusable(file, "it is too large");
      }
      Baseline baseline = json.readValue(Files.readAllBytes(file), Baseline.class);
      return baseline.workload().equals(workload)
              && baseline.revision().digest().equals(digest)
              && TemplateDigest.of(baseline.template()).equals(digest)
          ? Optional.of(baseline)
          : unusable(file, "its content is not what its name says");
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | JacksonException e) {
      return unusable(file, e.getClass().getSimpleName());
    }
  }

  private static Optional<Baseline> unusable(Path file, String why) {
    LOG.atWarn().log("{} is not used: {}; delete it", file, why);
    return Optional.empty();
  }

  private Path home(Workload workload) {
    return folder
        .resolve(name(workload.namespace()))
        .resolve(name(workload.kind()))
        .resolve(name(workload.name()));
  }

  private static String name(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("not a name that a cluster gives: " + name);
    }
    return name;
  }
}
