package dev.belay.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.belay.port.JournalFailed;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The right to a folder, held by one process at a time. The file that is locked stays when the
 * right is given up, for the name of the last holder is worth keeping and deleting it would race.
 * The kernel gives the right up when the process ends, however it ends.
 */
final class FolderLock implements AutoCloseable {
  private static final int HOLDER_MAX = 256;

  /**
   * Folders that this process holds. Closing any second channel on the file would give up the lock
   * of the first (that is how POSIX locks work), so none is opened.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path folder;
  private final FileChannel channel;

  private FolderLock(Path folder, FileChannel channel) {
    this.folder = folder;
    this.channel = channel;
  }

  /**
   * Takes the right.
   *
   * @throws JournalFailed where another has it, and says who
   */
  static FolderLock take(Path folder) {
    Path file = folder.resolve("belay.lock");
    Path real;
    try {
      real = folder.toRealPath();
    } catch (IOException e) {
      throw new JournalFailed("The folder " + folder + " cannot be used: " + e + ".", e);
    }
    if (!HELD.add(real)) {
      throw new JournalFailed(
          "The journal in " + folder + " is already open in this process. Close it first.");
    }
    FolderLock lock = null;
    try {
      lock = lock(real, file);
      return lock;
    } catch (IOException e) {
      throw new JournalFailed("The lock file " + file + " cannot be used: " + e + ".", e);
    } finally {
      if (lock == null) {
        HELD.remove(real);
      }
    }
  }

  private static FolderLock lock(Path folder, Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    @Nullable FileLock lock = null;
    try {
      lock = channel.tryLock();
      if (lock == null) {
        throw new JournalFailed(
            "The journal in "
                + file.getParent()
                + " is in use by "
                + holder(channel)
                + ". Only one Belay may write it: stop that one, or give this one a folder of its"
                + " own.");
      }
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(me().getBytes(UTF_8)), 0);
      channel.force(true);
      return new FolderLock(folder, channel);
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
  }

  private static String holder(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(HOLDER_MAX);
    channel.read(text, 0);
    String holder = UTF_8.decode(text.flip()).toString().strip();
    return holder.isEmpty() ? "another process" : holder;
  }

  private static String me() {
    return "process "
        + ProcessHandle.current().pid()
        + " on "
        + host(System.getenv(), () -> InetAddress.getLocalHost().getHostName())
        + " since "
        + Instant.now().truncatedTo(ChronoUnit.SECONDS)
        + "\n";
  }

  /**
   * This machine's name. Whoever reads it looks for a process, so that a name which does not
   * resolve is as good.
   */
  static String host(Map<String, String> environment, Callable<String> resolved) {
    try {
      return resolved.call();
    } catch (Exception e) {
      String name = environment.getOrDefault("HOSTNAME", "");
      return name.isBlank() ? "this machine" : name.strip();
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
    HELD.remove(folder);
  }
}
