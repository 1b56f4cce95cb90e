package dev.belay.notify;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.port.Notifier;
import dev.belay.port.NotifierContract;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;

class SlackNotifierContractTest extends NotifierContract {
  private final FakeSlack slack = FakeSlack.start();
  private final SlackNotifier notifier =
      new SlackNotifier(
          SlackSettings.of(new SlackToken(FakeSlack.TOKEN.toCharArray()), FakeSlack.CHANNEL)
              .withEndpoint(slack.endpoint()));

  @AfterEach
  void close() {
    notifier.close();
    slack.close();
  }

  @Override
  protected Notifier notifier() {
    return notifier;
  }

  @Override
  protected List<String> conversations() {
    return slack.parents().stream()
        .map(
            parent ->
                Stream.concat(Stream.of(parent), slack.replies(parent).stream())
                    .map(FakeSlack.Message::everything)
                    .collect(Collectors.joining("\n")))
        .toList();
  }

  @Override
  protected void assertHarmless(String got) {
    slack
        .messages()
        .forEach(
            message ->
                message
                    .controls()
                    .forEach(
                        control -> assertTrue(control.startsWith("!date^"), "markup: " + control)));
    assertTrue(got.contains("&lt;!channel&gt; &lt;https://evil.example|click&gt; &amp;"), got);
    assertFalse(got.contains("\u001b") || got.contains("\u202e") || got.contains("\r"), got);
  }
}
