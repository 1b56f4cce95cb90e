package dev.belay.notify;

import dev.belay.core.incident.Notice;
import dev.belay.port.Notifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A channel that is a page: it keeps the newest notices in memory and shows them the way a chat
 * would, one conversation per incident. For the sandbox and for trying Belay out. Safe for use by
 * many threads.
 */
public final class MessageWall implements Notifier {
  /** How many notices are kept; then the oldest goes. */
  public static final int CAPACITY = 500;

  private static final int LONGEST_NAME = 300;
  private static final int LONGEST_TEXT = 4000;

  private final Deque<Notice> notices = new ArrayDeque<>();

  /** An empty wall. */
  public MessageWall() {}

  @Override
  public String channel() {
    return "wall";
  }

  @Override
  public Optional<String> deliver(Notice notice, Optional<String> thread) {
    Notice kept = bounded(notice);
    synchronized (notices) {
      notices.addLast(kept);
      if (notices.size() > CAPACITY) {
        notices.removeFirst();
      }
    }
    return Optional.of(kept.incident());
  }

  /**
   * The page, the conversation with the newest notice first. It is whole in itself, needs no
   * script, and may be served under {@link #contentSecurityPolicy}.
   */
  public String html() {
    return MessagePage.html(conversations());
  }

  /** The strictest header {@code Content-Security-Policy} under which the page looks right. */
  public static String contentSecurityPolicy() {
    return MessagePage.contentSecurityPolicy();
  }

  private List<List<Notice>> conversations() {
    LinkedHashMap<String, List<Notice>> conversations = new LinkedHashMap<>();
    synchronized (notices) {
      for (Notice notice : notices) {
        // putLast moves the conversation to the end: ordered by newest notice.
        List<Notice> conversation =
            Optional.ofNullable(conversations.get(notice.incident())).orElseGet(ArrayList::new);
        conversation.add(notice);
        conversations.putLast(notice.incident(), conversation);
      }
    }
    return conversations.reversed().entrySet().stream().map(Map.Entry::getValue).toList();
  }

  private static Notice bounded(Notice notice) {
    return new Notice(
        ForeignText.cut(notice.incident(), LONGEST_NAME),
        notice.number(),
        notice.kind(),
        ForeignText.cut(notice.service(), LONGEST_NAME),
        ForeignText.cut(notice.headline(), LONGEST_TEXT),
        ForeignText.cut(notice.text(), LONGEST_TEXT),
        notice.at(),
        notice.until());
  }
}
