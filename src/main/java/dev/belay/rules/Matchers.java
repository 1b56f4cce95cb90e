package dev.belay.rules;

import dev.belay.core.alert.Matcher;
import dev.belay.core.alert.Matcher.Operator;
import dev.belay.rules.yaml.Quoted;
import dev.belay.rules.yaml.Unreadable;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads Alertmanager's matcher expressions: {@code alertname="X", severity=~"warning|critical"},
 * with or without braces. Names and values may be in double quotes, with Go's escapes; without
 * quotes they end at white space or at one of <code>{}!=~,\"'`</code>. From the format described in
 * Alertmanager's {@code matcher/parse}.
 */
final class Matchers {
  private static final String RESERVED = "{}!=~,\\\"'`";
  private static final String EXAMPLE = "; write it as alertname=\"HighErrorRate\"";
  private final String text;
  private int at;

  private Matchers(String text) {
    this.text = text;
  }

  /** All matchers of the expression, at least one. */
  static List<Matcher> parse(String text) throws Unreadable {
    return new Matchers(text).all();
  }

  private List<Matcher> all() throws Unreadable {
    List<Matcher> matchers = new ArrayList<>();
    boolean braces = skip('{');
    do {
      if (ends(braces) && !matchers.isEmpty()) {
        break;
      }
      matchers.add(matcher());
    } while (skip(','));
    if (braces && !skip('}')) {
      throw wrong("lacks its closing brace");
    }
    skipSpace();
    if (at < text.length()) {
      throw wrong(
          "goes on with " + Quoted.of(text.substring(at)) + "; put a comma between matchers");
    }
    return List.copyOf(matchers);
  }

  private boolean ends(boolean braces) {
    skipSpace();
    return at == text.length() || (braces && text.charAt(at) == '}');
  }

  private Matcher matcher() throws Unreadable {
    String name = word("a label's name");
    if (name.isEmpty()) {
      throw wrong("has a label without a name");
    }
    Operator operator = operator();
    skipSpace();
    String value = word("a value; write \"\" for an empty one");
    return checked(name, operator, value);
  }

  private Matcher checked(String name, Operator operator, String value) throws Unreadable {
    try {
      return new Matcher(name, operator, value);
    } catch (IllegalArgumentException e) {
      throw new Unreadable(
          Quoted.of(value)
              + " is not a regular expression as Alertmanager and Prometheus know them (RE2,"
              + " without look-around and back-references): "
              + e.getMessage());
    }
  }

  private Operator operator() throws Unreadable {
    skipSpace();
    for (Operator operator : List.of(Operator.MATCHES, Operator.NOT_MATCHES, Operator.NOT_EQUAL)) {
      if (text.startsWith(operator.sign(), at)) {
        at += operator.sign().length();
        return operator;
      }
    }
    if (!skip('=')) {
      throw wrong("lacks one of =, !=, =~, !~" + EXAMPLE);
    }
    if (at < text.length() && text.charAt(at) == '=') {
      throw wrong("has \"==\"; write a single \"=\"");
    }
    return Operator.EQUAL;
  }

  private String word(String what) throws Unreadable {
    skipSpace();
    if (at < text.length() && text.charAt(at) == '"') {
      at++;
      return quoted();
    }
    int start = at;
    while (at < text.length() && isPlain(text.charAt(at))) {
      at++;
    }
    if (at == start) {
      throw wrong("lacks " + what + EXAMPLE);
    }
    return text.substring(start, at);
  }

  private static boolean isPlain(char c) {
    return !Character.isWhitespace(c) && RESERVED.indexOf(c) < 0;
  }

  private String quoted() throws Unreadable {
    StringBuilder value = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"') {
        return value.toString();
      }
      if (c == '\n') {
        throw wrong("has a line break within quotes; write \\n");
      }
      value.appendCodePoint(c == '\\' ? escaped() : c);
    }
    throw wrong("lacks a closing quote");
  }

  private int escaped() throws Unreadable {
    char c = at < text.length() ? text.charAt(at++) : ' ';
    return switch (c) {
      case '\\', '"' -> c;
      case 'a' -> 0x07;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'v' -> 0x0b;
      case 'u' -> codePoint(4);
      case 'U' -> codePoint(8);
      default ->
          throw wrong(
              "has the unknown escape \\" + (c == ' ' ? "" : c) + "; write a backslash as \\\\");
    };
  }

  private int codePoint(int digits) throws Unreadable {
    String hex = text.substring(at, Math.min(text.length(), at + digits));
    at += hex.length();
    boolean whole = hex.length() == digits && hex.matches("[0-9A-Fa-f]+");
    long point = whole ? Long.parseLong(hex, 16) : -1;
    boolean surrogate = point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
    if (point < 0 || point > Character.MAX_CODE_POINT || surrogate) {
      throw wrong("has an escape that is no character; write \\u and four hex digits");
    }
    return (int) point;
  }

  private boolean skip(char c) {
    skipSpace();
    boolean found = at < text.length() && text.charAt(at) == c;
    at += found ? 1 : 0;
    return found;
  }

  private void skipSpace() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private Unreadable wrong(String what) {
    return new Unreadable("the matcher " + Quoted.of(text) + " " + what);
  }
}
