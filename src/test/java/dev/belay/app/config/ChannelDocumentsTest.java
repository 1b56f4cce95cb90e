package dev.belay.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What the documents of the channels show is configuration that loads. */
class ChannelDocumentsTest {
  private static final Path DOCUMENTS = Path.of("docs", "integrations");
  private static final Pattern BLOCK = Pattern.compile("```yml\n(.*?)```", Pattern.DOTALL);

  @TempDir private Path folder = Path.of("");

  @ParameterizedTest
  @CsvSource({"slack, 2", "pagerduty, 2", "mail, 1", "webhook, 1"})
  void everyConfigurationLoads(String document, int blocks) throws IOException {
    Path app = Files.writeString(folder.resolve("app"), "xapp-1");
    Path bot = Files.writeString(folder.resolve("bot"), "xoxb-1");
    Path key = Files.writeString(folder.resolve("key"), "0123456789abcdef0123456789abcdef");
    Matcher found = BLOCK.matcher(Files.readString(DOCUMENTS.resolve(document + ".md")));
    int count = 0;
    while (found.find()) {
      count++;
      String text =
          found
              .group(1)
              .replace("/run/secrets/slack-app-token", app.toString())
              .replace("/run/secrets/slack-token", bot.toString())
              .replaceAll("/run/secrets/[a-z-]+", key.toString());
      Configured configured =
          ConfigLoader.load(Files.writeString(folder.resolve("belay.yml"), text), Map.of());
      assertEquals(List.of(), configured.problems(), text);
    }
    assertEquals(blocks, count);
  }

  @Test
  void theManifestOfTheAppAsksForWhatBelayNeedsAndNoMore() throws IOException {
    Object manifest =
        new Load(LoadSettings.builder().build())
            .loadFromString(Files.readString(DOCUMENTS.resolve("slack-manifest.yml")));
    assertTrue(manifest instanceof Map<?, ?>);
    Map<?, ?> top = (Map<?, ?>) manifest;
    assertEquals(Map.of("scopes", Map.of("bot", List.of("chat:write"))), top.get("oauth_config"));
    Map<?, ?> settings = (Map<?, ?>) Objects.requireNonNull(top.get("settings"));
    assertEquals(true, settings.get("socket_mode_enabled"));
    assertEquals(Map.of("is_enabled", true), settings.get("interactivity"));
  }
}
