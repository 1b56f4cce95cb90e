package dev.belay.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReloadRouteTest {
  private final List<String> asked = new ArrayList<>();
  private Optional<String> user = Optional.empty();
  private List<String> problems = List.of();
  private final Caller caller =
      new Caller(
          router ->
              new ReloadRoute(
                      person -> {
                        asked.add(person);
                        return problems;
                      },
                      _ -> user)
                  .mount(router));

  @AfterEach
  void close() {
    caller.close();
  }

  @Test
  void itIsAskedForInTheNameThatIsProven() {
    user = Optional.of("ada");
    assertEquals(200, caller.post("/-/reload", "{\"person\":\"eve\"}").statusCode());
    assertEquals(List.of("ada"), asked);
  }

  @Test
  void aNameThatNothingProvesIsMarkedAsClaimed() {
    assertEquals(200, caller.post("/-/reload", "{\"person\":\"eve\"}").statusCode());
    assertEquals(List.of("eve (claimed)"), asked);
  }

  @Test
  void whateverToolsOfPrometheusSendIsTakenInNobodysName() {
    assertEquals(200, caller.call("POST", "/-/reload", "").statusCode());
    assertEquals(
        200,
        caller
            .call(
                "POST",
                "/-/reload",
                "person=eve",
                "Content-Type",
                "application/x-www-form-urlencoded")
            .statusCode());
    assertEquals(List.of("api", "api"), asked);
  }

  @Test
  void whatIsWrongIsSaid() {
    problems = List.of("pay.yml:2:1: no such key");
    HttpResponse<String> said = caller.post("/-/reload", "{}");
    assertEquals(422, said.statusCode());
    assertTrue(said.body().contains("pay.yml:2:1: no such key"), said.body());
  }

  @Test
  void aBodyThatCannotBeReadReloadsNothing() {
    assertEquals(400, caller.post("/-/reload", "{").statusCode());
    assertEquals(400, caller.post("/-/reload", "{\"person\":7}").statusCode());
    assertEquals(List.of(), asked);
  }
}
