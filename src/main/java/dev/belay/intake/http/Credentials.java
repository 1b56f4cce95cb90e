package dev.belay.intake.http;

import java.util.List;
import java.util.Optional;

/**
 * By what callers are known, each with what it may do.
 *
 * @param tokens of {@code Authorization: Bearer}
 * @param users with passwords
 * @param proxy that names people
 */
public record Credentials(List<Token> tokens, List<User> users, Optional<TrustedProxy> proxy) {
  /** A token, which proves no person. */
  public record Token(String secret, Role role) {
    @Override
    public String toString() {
      return "Token[" + role.word() + "]";
    }
  }

  /** A person, or a tool that knows names and passwords only. */
  public record User(String name, String password, Role role) {
    @Override
    public String toString() {
      return "User[" + name + ", " + role.word() + "]";
    }
  }

  /** Whether nobody could be known by them. */
  public boolean none() {
    return tokens.isEmpty() && users.isEmpty() && proxy.isEmpty();
  }
}
