package dev.belay.journal;

/** One row of the table {@code entry}. Its arrays are handed around, not copied: nobody writes. */
final class Row {
  private final long seq;
  private final long micros;
  private final byte[] hash;
  private final byte[] facts;

  Row(long seq, long micros, byte[] hash, byte[] facts) {
    this.seq = seq;
    this.micros = micros;
    this.hash = hash;
    this.facts = facts;
  }

  /** Counts up from 1 without gaps. */
  long seq() {
    return seq;
  }

  /** When the facts became true, in microseconds since 1970. */
  long micros() {
    return micros;
  }

  /** What vouches for this row and all before it: {@link HashChain}. */
  byte[] hash() {
    return hash;
  }

  /** The facts as {@link FactCodec} writes them. */
  byte[] facts() {
    return facts;
  }
}
