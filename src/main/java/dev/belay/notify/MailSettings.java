package dev.belay.notify;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How to send mail.
 *
 * @param host the mail server
 * @param port its port for submission: 587, or 465 with {@link Security#TLS}
 * @param security how what is said there is kept secret
 * @param login who Belay is there, where it is asked
 * @param from the sender's address, and no name
 * @param to the receivers' addresses, at least one
 * @param certificates a file in PEM of those who vouch for the server; empty: as Java knows them
 */
public record MailSettings(
    String host,
    int port,
    Security security,
    Optional<Login> login,
    String from,
    List<String> to,
    Optional<Path> certificates) {
  /** Where no configuration says. */
  public static final int SUBMISSION = 587;

  private static final Pattern ADDRESS =
      Pattern.compile("[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9][A-Za-z0-9.-]{0,252}");

  /** How what is said to the server is kept secret. */
  public enum Security {
    /** It begins in the open, and nothing is said before it is secret. */
    STARTTLS,
    /** It is secret from the beginning. */
    TLS,
    /** It is not; for a server on this machine, or one that is reached in a secret way. */
    NONE
  }

  /** A name and a password. */
  public record Login(String username, String password) {
    @Override
    public String toString() {
      return "Login[" + username + "]";
    }
  }

  /**
   * Checks.
   *
   * @throws IllegalArgumentException which says what to change; it holds no password
   */
  public MailSettings {
    to = List.copyOf(to);
    requireAddress(from);
    to.forEach(MailSettings::requireAddress);
    if (to.isEmpty()) {
      throw new IllegalArgumentException("mail needs at least one address to go to");
    }
    if (login.isPresent() && security == Security.NONE) {
      throw new IllegalArgumentException(
          "a password would travel in the open; use starttls or tls, or leave the username out");
    }
  }

  /** The same to others. */
  public MailSettings withTo(List<String> others) {
    return new MailSettings(host, port, security, login, from, others, certificates);
  }

  private static void requireAddress(String address) {
    if (!isAddress(address)) {
      throw new IllegalArgumentException(
          "an address of mail must look like ann@example.com, without a name");
    }
  }

  /** Whether it is one plain address. */
  public static boolean isAddress(String text) {
    return ADDRESS.matcher(text).matches();
  }

  /** What stands after the sender's @. */
  String domain() {
    return from.substring(from.indexOf('@') + 1);
  }
}
