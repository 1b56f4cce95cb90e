package dev.belay.journal;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where SQLite's native library is unpacked, anew for each process: in the journal's own folder,
 * which belongs to one process at a time. So what a process that was killed leaves there is cleared
 * away by the next; in the machine's folder for temporary files it would pile up, a megabyte for
 * each kill.
 */
final class NativeFolder {
  private static final Logger LOG = LoggerFactory.getLogger(NativeFolder.class);
  private static final String SETTING = "org.sqlite.tmpdir";
  private static final String NAME = "native";
  private static final long ROOM = 16 << 20;

  private NativeFolder() {}

  /**
   * Has the driver use the folder, unless people chose another by the system property {@code
   * org.sqlite.tmpdir}, or there is little space left: a full disk must not keep the journal from
   * being opened. Only for the holder of the journal's lock, before its first connection.
   */
  static void use(Path journal) {
    if (System.getProperty(SETTING) != null) {
      return;
    }
    try {
      Path folder = Files.createDirectories(journal.resolve(NAME));
      try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, "sqlite-*")) {
        for (Path file : left) {
          Files.delete(file);
        }
      }
      if (Files.getFileStore(folder).getUsableSpace() > ROOM) {
        System.setProperty(SETTING, folder.toString());
      }
    } catch (IOException e) {
      LOG.atWarn()
          .log(
              "SQLite's library is unpacked in the folder for temporary files, and stays there when"
                  + " this process is killed: {}",
              e.toString());
    }
  }
}
