package dev.belay.intake.slack;

import java.util.Set;

/**
 * Who may give an answer.
 *
 * @param everyone whoever sees the message
 * @param users Slack's ids of those who may besides: {@code U0123ABCD}
 */
public record Allowed(boolean everyone, Set<String> users) {
  /** Nobody may. */
  public static final Allowed NOBODY = new Allowed(false, Set.of());

  /** Takes a copy. */
  public Allowed {
    users = Set.copyOf(users);
  }

  boolean has(String user) {
    return everyone || users.contains(user);
  }

  /** Whether nobody may. */
  public boolean nobody() {
    return !everyone && users.isEmpty();
  }
}
