package dev.belay.notify;

import dev.belay.core.incident.Notice;
import dev.belay.port.Notifier;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.json.JsonMapper;

/**
 * Notices as JSON, for whatever takes webhooks. Each carries {@code X-Belay-Id}, the same however
 * often it is delivered, and {@code X-Belay-Signature}: {@code v1,t=SECONDS,HEX}, one for each
 * secret, parted by a space. The HMAC-SHA-256 is over {@code ID.SECONDS.BODY}.
 */
public final class WebhookNotifier implements Notifier {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String ALGORITHM = "HmacSHA256";
  private static final int NAME = 300;
  private static final int HEADLINE = 1000;
  private static final int TEXT = 4000;

  private final String channel;
  private final WebhookSettings settings;
  private final InstantSource clock;
  private final JsonPost post =
      new JsonPost("The webhook", "check its address, and that it takes POST");

  /** A client for one webhook; nothing is sent yet. */
  public WebhookNotifier(WebhookSettings settings, InstantSource clock) {
    this("webhook", settings, clock);
  }

  /**
   * One of several; nothing is sent yet.
   *
   * @param channel the name of this one: at most 20 of a-z, 0-9 and _
   */
  public WebhookNotifier(String channel, WebhookSettings settings, InstantSource clock) {
    this.channel = channel;
    this.settings = settings;
    this.clock = clock;
  }

  @Override
  public String channel() {
    return channel;
  }

  @Override
  public Optional<String> deliver(Notice notice, Optional<String> thread) {
    // The number begins anew with a journal, the moment does not.
    String id =
        name(notice.incident()).replaceAll("[^A-Za-z0-9._:-]", "_")
            + "/"
            + notice.number()
            + "/"
            + notice.at().toEpochMilli();
    String body = JSON.writeValueAsString(body(id, notice));
    post.send(
        settings.address(),
        Map.of("X-Belay-Id", id, "X-Belay-Signature", signatures(id, body)),
        body);
    return Optional.empty();
  }

  private static Map<String, Object> body(String id, Notice notice) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("id", id);
    body.put("incident", name(notice.incident()));
    body.put("number", notice.number());
    body.put("kind", notice.kind().name().toLowerCase(Locale.ROOT));
    body.put("service", name(notice.service()));
    body.put("headline", ForeignText.cut(ForeignText.oneLine(notice.headline()), HEADLINE));
    body.put("text", ForeignText.cut(ForeignText.lines(notice.text()), TEXT));
    body.put("at", notice.at().toString());
    notice.until().ifPresent(until -> body.put("until", until.toString()));
    notice.images().ifPresent(images -> body.put("images", images));
    notice
        .offer()
        .flatMap(Notice.Offer::asked)
        .ifPresent(
            asked -> body.put("asked", Map.of("action", asked.action(), "plan", asked.plan())));
    return body;
  }

  private static String name(String foreign) {
    return ForeignText.cut(ForeignText.oneLine(foreign), NAME);
  }

  private String signatures(String id, String body) {
    long seconds = clock.instant().getEpochSecond();
    String signed = id + "." + seconds + "." + body;
    return settings.secrets().stream()
        .map(secret -> "v1,t=" + seconds + "," + hmac(secret, signed))
        .collect(Collectors.joining(" "));
  }

  private static String hmac(String secret, String signed) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
      return HexFormat.of().formatHex(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC-SHA-256", e);
    }
  }

  @Override
  public void close() {
    post.close();
  }
}
