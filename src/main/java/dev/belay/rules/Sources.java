package dev.belay.rules;

import dev.belay.rules.yaml.Problems;
import dev.belay.rules.yaml.SourceFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/** Reads files and keeps a digest of all that was read. */
final class Sources {
  private final Problems problems;
  private final MessageDigest digest;

  Sources(Problems problems) {
    this.problems = problems;
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Reads a file; empty where that is impossible, and then the problems say why. */
  Optional<SourceFile> read(Path file, int limit) {
    Optional<SourceFile> source = SourceFile.read(file, limit, problems);
    source.ifPresent(it -> add(String.valueOf(file.getFileName()), it.text()));
    return source;
  }

  private void add(String name, String text) {
    byte[] content = text.getBytes(StandardCharsets.UTF_8);
    // The lengths keep one file's end and the next one's name apart.
    String head = name.length() + ":" + name + ":" + content.length + ":";
    digest.update(head.getBytes(StandardCharsets.UTF_8));
    digest.update(content);
  }

  Problems problems() {
    return problems;
  }

  String digest() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
