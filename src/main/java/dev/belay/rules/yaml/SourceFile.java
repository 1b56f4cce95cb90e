package dev.belay.rules.yaml;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * A file that was read.
 *
 * @param name its path as people named it
 * @param text what stands in it
 */
public record SourceFile(String name, String text) {
  /**
   * Reads a file of at most {@code limit} bytes of UTF-8.
   *
   * @return empty where that is impossible; the reason is among the problems
   */
  public static Optional<SourceFile> read(Path file, int limit, Problems problems) {
    String name = file.toString();
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(limit + 1);
      if (bytes.length > limit) {
        problems.error(
            Spot.whole(name), "larger than the " + limit / 1024 + " KiB that are read; split it");
        return Optional.empty();
      }
      return decode(name, bytes, problems);
    } catch (NoSuchFileException e) {
      problems.error(Spot.whole(name), "no such file; check the path");
    } catch (IOException e) {
      problems.error(
          Spot.whole(name),
          "cannot be read (" + e.getClass().getSimpleName() + "); check its rights");
    }
    return Optional.empty();
  }

  private static Optional<SourceFile> decode(String name, byte[] bytes, Problems problems) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    try {
      var result = StandardCharsets.UTF_8.newDecoder().decode(in, out, true);
      if (result.isError()) {
        result.throwException();
      }
    } catch (CharacterCodingException e) {
      String good = new String(Arrays.copyOf(bytes, in.position()), StandardCharsets.UTF_8);
      int line = 1 + (int) good.chars().filter(c -> c == '\n').count();
      int column = good.length() - good.lastIndexOf('\n');
      problems.error(new Spot(name, line, column), "not UTF-8 from here; save the file as UTF-8");
      return Optional.empty();
    }
    return Optional.of(new SourceFile(name, out.flip().toString()));
  }
}
