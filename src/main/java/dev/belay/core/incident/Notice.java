package dev.belay.core.incident;

import dev.belay.core.release.Announcement;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Something to tell people about an incident.
 *
 * @param incident the incident, or {@code belay} for what concerns all
 * @param number counts up from 1 within the incident; with {@code incident} its identity
 * @param kind what sort of news
 * @param service the service, or empty for what concerns all
 * @param headline where the incident stands now: the conversation's first message, brought up to
 *     date
 * @param text what happened, one or a few sentences; may hold foreign text, so escape it
 * @param at when
 * @param until when the veto window or the proposal ends, where one runs
 * @param images where the news is that the service was rolled back: what it runs again, first what
 *     it did not run just before
 * @param offer what people may answer now; empty where an answer is of no use
 * @param undoes where the news is that the service was rolled back: the announcement of the release
 *     that was blamed, where somebody announced it
 */
public record Notice(
    String incident,
    int number,
    Kind kind,
    String service,
    String headline,
    String text,
    Instant at,
    Optional<Instant> until,
    Optional<List<String>> images,
    Optional<Offer> offer,
    Optional<Announcement> undoes) {
  /** One that tells of no rollback and asks nothing. */
  public Notice(
      String incident,
      int number,
      Kind kind,
      String service,
      String headline,
      String text,
      Instant at,
      Optional<Instant> until) {
    this(
        incident,
        number,
        kind,
        service,
        headline,
        text,
        at,
        until,
        Optional.empty(),
        Optional.empty());
  }

  /** One that undoes nothing that somebody announced. */
  public Notice(
      String incident,
      int number,
      Kind kind,
      String service,
      String headline,
      String text,
      Instant at,
      Optional<Instant> until,
      Optional<List<String>> images,
      Optional<Offer> offer) {
    this(
        incident,
        number,
        kind,
        service,
        headline,
        text,
        at,
        until,
        images,
        offer,
        Optional.empty());
  }

  /**
   * What people may answer to an open incident: that they have it in hand, or everything is to be
   * put on hold; and, where something is about to be done, that it may be done or must not.
   *
   * @param asked what is about to be done, where something is
   */
  public record Offer(Optional<Asked> asked) {}

  /**
   * What is about to be done.
   *
   * @param action its id
   * @param plan its plan's digest
   * @param kind its plan's kind: {@code rollback}
   */
  public record Asked(String action, String plan, String kind) {}

  /** Its identity: no other notice of the journal has it. */
  public record Key(String incident, int number) {}

  /** Its identity. */
  public Key key() {
    return new Key(incident, number);
  }

  /** What sort of news. */
  public enum Kind {
    OPENED,
    PROPOSED,
    COUNTDOWN,
    ACTED,
    PROGRESS,
    /** A person took it up: approved, objected, or has it in hand. */
    ANSWERED,
    NOT_ACTING,
    /** A person is needed now. */
    PAGE,
    RESTORED,
    CLOSED,
    HOLD,
    BRAKE,
    /** Belay hears less than it should, or all again. */
    INPUT;

    /**
     * Whether it says only how things stood, which the next notice of the same incident says anew.
     * What begins or ends something, what was done and what a person said stays news.
     */
    public boolean passing() {
      return switch (this) {
        case PROPOSED, COUNTDOWN, PROGRESS, NOT_ACTING, HOLD, INPUT -> true;
        case OPENED, ACTED, ANSWERED, PAGE, RESTORED, CLOSED, BRAKE -> false;
      };
    }
  }
}
