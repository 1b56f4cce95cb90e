package dev.belay;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/** The fences between Belay's rooms. A room that does not exist yet breaks none. */
final class Fences {
  private static final String ROOT = "dev.belay.";
  private static final Set<String> ADAPTERS =
      Set.of(
          "journal", "intake", "kube", "traffic", "flags", "limits", "notify", "console",
          "sandbox");
  private static final String[] ALL =
      Stream.concat(Stream.of("core", "port", "rules", "app", "cli"), ADAPTERS.stream())
          .sorted()
          .toArray(String[]::new);

  /** Which rooms each room may import, besides itself. */
  private static final Map<String, String[]> MAY_IMPORT = mayImport();

  /** The only rooms that may know a library. */
  private static final Map<String, String[]> LIBRARIES =
      new TreeMap<>(
          Map.of(
              "com.google.re2j..", new String[] {"core.alert", "core.rule"},
              "com.slack..", new String[] {"notify"},
              "io.fabric8..", new String[] {"kube"},
              "io.vertx..", new String[] {"intake", "console", "app", "notify"},
              "java.sql..", new String[] {"journal"},
              "org.apache.kafka..", new String[] {"intake", "notify"},
              "org.snakeyaml..", new String[] {"rules"},
              "org.sqlite..", new String[] {"journal"},
              "picocli..", new String[] {"cli"}));

  private static final Set<String> FORBIDDEN_IN_CORE =
      Set.of(
          "java.lang.Process",
          "java.lang.ProcessBuilder",
          "java.lang.Runtime",
          "java.lang.Thread",
          "java.lang.ThreadLocal",
          "java.time.Clock",
          "java.util.Random",
          "java.util.SplittableRandom",
          "java.util.Timer");

  private Fences() {}

  private static Map<String, String[]> mayImport() {
    Map<String, String[]> rooms = new TreeMap<>();
    rooms.put("core", new String[] {});
    rooms.put("port", new String[] {"core"});
    rooms.put("rules", new String[] {"core"});
    ADAPTERS.forEach(adapter -> rooms.put(adapter, new String[] {"port", "core"}));
    rooms.put("app", Stream.of(ALL).filter(room -> !room.equals("cli")).toArray(String[]::new));
    rooms.put("cli", ALL);
    return rooms;
  }

  private static String[] packages(String... rooms) {
    return Stream.of(rooms).map(room -> ROOT + room + "..").toArray(String[]::new);
  }

  /** Every class lives in a room of the design; only the root's package-info does not. */
  static ArchRule everyClassHasARoom() {
    return classes()
        .that(not(describe("are package-info", it -> it.getSimpleName().equals("package-info"))))
        .should()
        .resideInAnyPackage(packages(ALL))
        .allowEmptyShould(true);
  }

  /** Rooms import what the design lets them, so adapters know neither each other nor the wiring. */
  static ArchRule roomsImportOnlyWhatTheyMay() {
    CompositeArchRule rule = null;
    for (Map.Entry<String, String[]> room : MAY_IMPORT.entrySet()) {
      DescribedPredicate<JavaClass> foreign = not(resideInAPackage("dev.belay.."));
      ArchRule one =
          classes()
              .that()
              .resideInAPackage(ROOT + room.getKey() + "..")
              .should()
              .onlyDependOnClassesThat(
                  foreign
                      .or(resideInAPackage(ROOT + room.getKey() + ".."))
                      .or(resideInAnyPackage(packages(room.getValue()))))
              .allowEmptyShould(true);
      rule = rule == null ? CompositeArchRule.of(one) : rule.and(one);
    }
    if (rule == null) {
      throw new IllegalStateException("there are no rooms");
    }
    return rule;
  }

  /** Heavy libraries stay in the rooms that exist for their sake. */
  static ArchRule librariesStayInTheirRooms() {
    CompositeArchRule rule = null;
    for (Map.Entry<String, String[]> library : LIBRARIES.entrySet()) {
      ArchRule one =
          noClasses()
              .that()
              .resideOutsideOfPackages(packages(library.getValue()))
              .should()
              .dependOnClassesThat()
              .resideInAPackage(library.getKey())
              .allowEmptyShould(true);
      rule = rule == null ? CompositeArchRule.of(one) : rule.and(one);
    }
    if (rule == null) {
      throw new IllegalStateException("there are no libraries");
    }
    return rule;
  }

  /** The core is values and functions: of the JDK it sees texts, collections, numbers and times. */
  static ArchRule coreSeesOnlyPlainJava() {
    return classes()
        .that()
        .resideInAPackage("dev.belay.core..")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                    // In core.alert alone, see LIBRARIES: foreign text meets people's expressions.
                    "com.google.re2j",
                    "dev.belay.core..",
                    "java.lang",
                    "java.lang.invoke",
                    "java.lang.runtime",
                    "java.math",
                    "java.nio.charset",
                    "java.time..",
                    "java.util",
                    "java.util.function",
                    "java.util.stream",
                    "org.jspecify.annotations")
                .or(
                    describe(
                        "are for digests",
                        it ->
                            it.getName().equals("java.security.MessageDigest")
                                || it.getName().equals("java.security.NoSuchAlgorithmException"))))
        .allowEmptyShould(true);
  }

  /** The core is the same every time: no clock, no chance, no threads. */
  static ArchRule coreIsDeterministic() {
    return noClasses()
        .that()
        .resideInAPackage("dev.belay.core..")
        .should()
        .accessTargetWhere(describe("has a clock, chance or threads in it", Fences::isUndetermined))
        .allowEmptyShould(true);
  }

  private static boolean isUndetermined(JavaAccess<?> access) {
    AccessTarget target = access.getTarget();
    String owner = target.getOwner().getName();
    String name = target.getName();
    return FORBIDDEN_IN_CORE.contains(owner)
        || (owner.equals("java.lang.System") && !name.equals("arraycopy"))
        || (owner.equals("java.lang.Math") && name.equals("random"))
        || (owner.equals("java.util.UUID") && name.equals("randomUUID"))
        || (owner.equals("java.util.Collections") && name.equals("shuffle"))
        || (owner.startsWith("java.time.") && name.equals("now"))
        || name.equals("parallelStream")
        || (owner.startsWith("java.util.stream.") && name.equals("parallel"));
  }

  /** No room needs another that needs it. */
  static ArchRule roomsAreFreeOfCycles() {
    return slices().matching("dev.belay.(*)..").should().beFreeOfCycles().allowEmptyShould(true);
  }

  /** Every package says what lives in it, and that nothing in it is null. */
  static ArchRule everyPackageIsNullMarked() {
    return classes().should(haveANullMarkedPackage()).allowEmptyShould(true);
  }

  private static ArchCondition<JavaClass> haveANullMarkedPackage() {
    return new ArchCondition<>("live in a package with a @NullMarked package-info") {
      @Override
      public void check(JavaClass item, ConditionEvents events) {
        boolean marked =
            item.getPackage()
                .tryGetPackageInfo()
                .filter(info -> info.isAnnotatedWith(NullMarked.class))
                .isPresent();
        String message =
            item.getPackageName() + " has no @NullMarked package-info: " + item.getName();
        events.add(new SimpleConditionEvent(item, marked, message));
      }
    };
  }
}
