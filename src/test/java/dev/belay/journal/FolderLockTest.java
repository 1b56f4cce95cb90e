package dev.belay.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.UnknownHostException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FolderLockTest {
  private static String unresolvable() throws UnknownHostException {
    throw new UnknownHostException("web-1: Name or service not known");
  }

  @Test
  void aMachineWhoseNameDoesNotResolveIsNamedAllTheSame() {
    assertEquals(
        "web-1", FolderLock.host(Map.of("HOSTNAME", "web-1\n"), FolderLockTest::unresolvable));
    assertEquals("this machine", FolderLock.host(Map.of(), FolderLockTest::unresolvable));
    assertEquals("web-2", FolderLock.host(Map.of("HOSTNAME", "web-1"), () -> "web-2"));
  }
}
