package dev.belay.journal;

import dev.belay.core.engine.Fact;
import dev.belay.core.engine.StateSnapshot;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Facts and snapshots as JSON in UTF-8, and back. Equal values give equal bytes, on every machine
 * and in every later version: what one version wrote, all later ones read. Safe for use by many
 * threads.
 */
public final class FactCodec {
  /**
   * The most that the facts of one entry may take, in bytes. An event of a thousand alerts of
   * ordinary size takes about 1 MiB; this leaves room for one that is made of nothing but text that
   * has to be escaped.
   */
  public static final int MAX_ENTRY_BYTES = 64 << 20;

  /** The most that a snapshot may take, in bytes. */
  public static final int MAX_SNAPSHOT_BYTES = JournalJson.MAX_BYTES;

  /** Names that may be shown; those of labels and annotations are foreign. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_]{1,64}");

  private final ObjectWriter factsOut;
  private final ObjectReader factsIn;
  private final ObjectWriter snapshotOut;
  private final ObjectReader snapshotIn;

  /** A codec; it is costly to make and cheap to use, so keep it. */
  public FactCodec() {
    JsonMapper json = JournalJson.facts();
    TypeReference<List<Fact>> facts = new TypeReference<>() {};
    factsOut = json.writerFor(facts);
    factsIn = json.readerFor(facts);
    JsonMapper snapshots = JournalJson.snapshots();
    snapshotOut = snapshots.writerFor(StateSnapshot.class);
    snapshotIn = snapshots.readerFor(StateSnapshot.class);
  }

  /**
   * The facts as a JSON array.
   *
   * @throws IllegalArgumentException where it would be larger than {@link #MAX_ENTRY_BYTES}
   */
  public byte[] encode(List<Fact> facts) {
    return bounded(factsOut.writeValueAsBytes(facts), MAX_ENTRY_BYTES, "the facts of one event");
  }

  /**
   * The facts of a JSON array.
   *
   * @throws IllegalArgumentException where it is not such an array, or holds anything that this
   *     version does not know; the message is a sentence that says where, and quotes no foreign
   *     text
   */
  public List<Fact> decode(byte[] json) {
    try {
      return List.copyOf(
          factsIn.<List<Fact>>readValue(bounded(json, MAX_ENTRY_BYTES, "the facts of one event")));
    } catch (JacksonException | NullPointerException e) {
      throw unreadable(e);
    }
  }

  /**
   * The snapshot as a JSON object.
   *
   * @throws IllegalArgumentException where it would be larger than {@link #MAX_SNAPSHOT_BYTES}
   */
  public byte[] encode(StateSnapshot snapshot) {
    return bounded(snapshotOut.writeValueAsBytes(snapshot), MAX_SNAPSHOT_BYTES, "the snapshot");
  }

  /**
   * The snapshot of a JSON object.
   *
   * @throws IllegalArgumentException where it is not one, or not one of just this version's form.
   *     Where the rows are there that led to it, it is only a short cut, and what another version
   *     left out of it would be taken for empty.
   */
  public StateSnapshot decodeSnapshot(byte[] json) {
    StateSnapshot snapshot = decodeOlderSnapshot(json);
    if (!Arrays.equals(json, encode(snapshot))) {
      throw new IllegalArgumentException("the snapshot was written by another version of Belay");
    }
    return snapshot;
  }

  /**
   * The snapshot of a JSON object that this version or an earlier one wrote. What that did not know
   * of, an {@code Optional}, a list or a map, is empty.
   *
   * @throws IllegalArgumentException where it is not one
   */
  public StateSnapshot decodeOlderSnapshot(byte[] json) {
    try {
      return snapshotIn.readValue(bounded(json, MAX_SNAPSHOT_BYTES, "the snapshot"));
    } catch (JacksonException | NullPointerException e) {
      throw unreadable(e);
    }
  }

  private static byte[] bounded(byte[] json, int most, String what) {
    if (json.length > most) {
      throw new IllegalArgumentException(
          what + " takes " + json.length + " bytes, more than the " + most + " that are kept");
    }
    return json;
  }

  private static IllegalArgumentException unreadable(RuntimeException e) {
    String where = e instanceof DatabindException bad ? path(bad) : "";
    return new IllegalArgumentException(
        "this version of Belay does not understand it"
            + (where.isEmpty() ? "" : " at " + where)
            + " ("
            + kind(e)
            + ")",
        e);
  }

  private static String kind(RuntimeException e) {
    Throwable cause = e instanceof DatabindException && e.getCause() != null ? e.getCause() : e;
    return switch (cause) {
      case StreamConstraintsException _ -> "it nests too deep, or something in it is too long";
      case StreamReadException _ -> "it is no JSON";
      default -> "it has another form";
    };
  }

  private static String path(DatabindException e) {
    StringBuilder path = new StringBuilder();
    for (JacksonException.Reference step : e.getPath()) {
      String name = step.getPropertyName();
      if (name != null) {
        path.append('/').append(PLAIN.matcher(name).matches() ? name : "...");
      } else if (step.getIndex() >= 0) {
        path.append('/').append(step.getIndex());
      }
    }
    return path.toString();
  }
}
