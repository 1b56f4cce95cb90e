package dev.belay.rules.yaml;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How often something happens, as people write it. */
public final class PerSecond {
  private static final Pattern SHAPE =
      Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?) ?/ ?([smh])");

  private PerSecond() {}

  /**
   * {@code 5/s}, {@code 0.5/s}, {@code 30/m} or {@code 100/h}, as a number each second.
   *
   * @throws Unreadable where the text is something else
   */
  public static double of(String text) throws Unreadable {
    Matcher shape = SHAPE.matcher(text);
    if (!shape.matches()) {
      throw new Unreadable(Quoted.of(text) + " is not a rate; write it as 1/s, 0.5/s or 30/m");
    }
    int seconds =
        switch (shape.group(2)) {
          case "h" -> 3600;
          case "m" -> 60;
          default -> 1;
        };
    return new BigDecimal(shape.group(1))
        .divide(BigDecimal.valueOf(seconds), MathContext.DECIMAL64)
        .doubleValue();
  }
}
