package dev.belay.core.release;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether two pod templates are the same release: SHA-256 over a canonical rendering, less
 * the labels {@code pod-template-hash} and {@code rollouts-pod-template-hash} and the annotation
 * {@code kubectl.kubernetes.io/restartedAt}, which do not make another release.
 */
public final class TemplateDigest {
  private static final int HEX_LENGTH = 16;

  private TemplateDigest() {}

  /**
   * The digest of a pod template given as plain maps, lists, texts, numbers and booleans.
   *
   * @return 16 lower-case hexadecimal digits
   */
  public static String of(Map<String, ? extends @Nullable Object> template) {
    StringBuilder canonical = new StringBuilder();
    write(canonical, template, "");
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(canonical.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash).substring(0, HEX_LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static void write(StringBuilder out, @Nullable Object value, String path) {
    switch (value) {
      case Map<?, ?> map -> writeMap(out, map, path);
      case List<?> list -> {
        out.append('[');
        list.forEach(
            element -> {
              write(out, element, path + "[]");
              out.append(',');
            });
        out.append(']');
      }
      case String text -> out.append(text.length()).append('"').append(text).append('"');
      // 5 and 5.0 and 5L are one number in JSON.
      case Number number ->
          out.append(
              new java.math.BigDecimal(number.toString()).stripTrailingZeros().toPlainString());
      case Boolean bool -> out.append(bool);
      case null -> out.append("null");
      default ->
          throw new IllegalArgumentException(path + ": not a JSON value: " + value.getClass());
    }
  }

  private static void writeMap(StringBuilder out, Map<?, ?> map, String path) {
    SortedMap<String, @Nullable Object> sorted = new TreeMap<>();
    map.forEach((key, value) -> sorted.put(Objects.toString(key), value));
    out.append('{');
    sorted.forEach(
        (key, value) -> {
          String here = path + "/" + key;
          if (!ignored(here) && !empty(value, here)) {
            out.append(key.length()).append('"').append(key).append("\":");
            write(out, value, here);
            out.append(',');
          }
        });
    out.append('}');
  }

  /** Whether what stands at this path, with a slash before each key, makes no other release. */
  static boolean ignored(String path) {
    return path.equals("/metadata/labels/pod-template-hash")
        || path.equals("/metadata/labels/rollouts-pod-template-hash")
        || path.equals("/metadata/annotations/kubectl.kubernetes.io/restartedAt")
        || path.equals("/metadata/creationTimestamp");
  }

  /**
   * Absent, null and empty mean the same to the API server, and clients differ in which they send.
   * A map that holds only what is ignored is empty too: the first restart brings the annotations.
   */
  private static boolean empty(@Nullable Object value, String path) {
    return switch (value) {
      case null -> true;
      case Map<?, ?> map -> map.keySet().stream().allMatch(key -> ignored(path + "/" + key));
      case List<?> list -> list.isEmpty();
      default -> false;
    };
  }
}
