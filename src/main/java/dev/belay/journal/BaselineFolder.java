package dev.belay.journal;

import dev.belay.core.release.TemplateDigest;
import dev.belay.core.release.Workload;
import dev.belay.port.Baseline;
import dev.belay.port.Baselines;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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

  /** Beneath a journal's. */
  static final String FOLDER = "baselines";

  private static final String SUFFIX = ".json";
  private static final String HALF = "half-";
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{16}");
  private static final Pattern FILE = Pattern.compile("(" + DIGEST + ")\\.json");

  /** Names that are names of files as well, and none that leads elsewhere. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,252}");

  private final Path folder;
  private final JsonMapper json = JournalJson.facts();
  private final Map<Workload, Set<String>> wanted = new HashMap<>();

  /** What is in the folder of each workload that was asked for: digests, and whose they are. */
  private final Map<Workload, Map<String, String>> listed = new HashMap<>();

  private boolean failing;

  /** The one beside a journal, in the journal's folder. */
  public static BaselineFolder beside(Path journal) {
    return new BaselineFolder(journal.resolve(FOLDER));
  }

  /** Keeps them in this folder, which is made when the first is kept. */
  public BaselineFolder(Path folder) {
    this.folder = folder;
  }

  @Override
  public synchronized void want(Workload workload, List<String> digests) {
    wanted.put(workload, Set.copyOf(digests));
    for (String digest : List.copyOf(list(workload).keySet())) {
      if (!digests.contains(digest)) {
        forget(workload, digest);
      }
    }
  }

  private void forget(Workload workload, String digest) {
    try {
      Files.deleteIfExists(file(workload, digest));
      list(workload).remove(digest);
    } catch (IOException e) {
      LOG.atWarn().log("a revision cannot be deleted from {}: {}", folder, e.toString());
    }
  }

  @Override
  public synchronized Set<String> wanted(Workload workload) {
    return wanted.getOrDefault(workload, Set.of());
  }

  @Override
  public synchronized void keep(Baseline baseline) {
    String digest = baseline.revision().digest();
    try {
      Path file = file(baseline.workload(), digest);
      Path home = Files.createDirectories(home(baseline.workload()), mode("rwx------"));
      write(home, file, json.writeValueAsBytes(baseline));
      list(baseline.workload()).put(digest, baseline.uid());
      failing = false;
    } catch (IOException e) {
      if (!failing) {
        LOG.atWarn()
            .log("revisions cannot be kept in {}: {}; it is tried again", folder, e.toString());
      }
      failing = true;
    }
  }

  /** Whole or not at all, whenever the power fails. */
  private static void write(Path home, Path file, byte[] content) throws IOException {
    Path half = Files.createTempFile(home, HALF, ".tmp", mode("rw-------"));
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

  static FileAttribute<?> mode(String mode) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode));
  }

  @Override
  public synchronized Set<String> kept(Workload workload, String uid) {
    return list(workload).entrySet().stream()
        .filter(each -> each.getValue().equals(uid))
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }

  private Map<String, String> list(Workload workload) {
    return listed.computeIfAbsent(workload, this::look);
  }

  private Map<String, String> look(Workload workload) {
    Map<String, String> found = new HashMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(home(workload))) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        Matcher kept = FILE.matcher(name);
        if (kept.matches()) {
          read(workload, kept.group(1), file)
              .ifPresent(baseline -> found.put(kept.group(1), baseline.uid()));
        } else if (name.startsWith(HALF)) {
          Files.deleteIfExists(file);
        }
      }
    } catch (NoSuchFileException e) {
      return found;
    } catch (IOException e) {
      LOG.atWarn().log("what is kept in {} cannot be read: {}", folder, e.toString());
    }
    return found;
  }

  @Override
  public Optional<Baseline> find(Workload workload, String uid, String digest) {
    return DIGEST.matcher(digest).matches()
        ? read(workload, digest, file(workload, digest)).filter(kept -> kept.uid().equals(uid))
        : Optional.empty();
  }

  private Optional<Baseline> read(Workload workload, String digest, Path file) {
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

  private Path file(Workload workload, String digest) {
    return home(workload).resolve(name(digest) + SUFFIX);
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
