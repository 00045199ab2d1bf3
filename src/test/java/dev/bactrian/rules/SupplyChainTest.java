package dev.bactrian.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What SECURITY.md and docs/supply-chain.md say of the image, the containers, the workflows and the libraries. */
class SupplyChainTest {

    private static final Pattern PINNED =
            Pattern.compile("\\./\\S+|[\\w.-]+/[\\w./-]+@(v\\d+\\.\\d+\\.\\d+|[0-9a-f]{40})");

    @Test
    void theServicesContainerCanWriteInTwoPlacesAlone() {
        Map<String, Object> service = map(services().get("bactrian"));

        assertThat(service.get("read_only")).isEqualTo(true);
        assertThat(service.get("cap_drop")).isEqualTo(List.of("ALL"));
        assertThat(service.get("user")).as("the image's own").isNull();
        assertThat(list(service.get("tmpfs"))).singleElement().asString().matches("/tmp:.*size=\\d+m.*noexec.*");
        // The image's WORK_DIR.
        assertThat(list(service.get("volumes"))).containsExactly("work:/var/lib/bactrian/work");
        assertThat(text("Dockerfile")).contains("WORK_DIR=/var/lib/bactrian/work");
        assertThat(list(service.get("ports"))).isNotEmpty().allMatch(port -> port.startsWith("127.0.0.1:"));
    }

    @Test
    void everyContainerHasLimitsAndGainsNoRights() {
        assertThat(services()).hasSizeGreaterThan(1).allSatisfy((name, service) -> {
            assertThat(map(service).get("security_opt")).as(name).isEqualTo(List.of("no-new-privileges:true"));
            assertThat(map(service).get("mem_limit")).as(name).isNotNull();
            assertThat(map(service).get("pids_limit")).as(name).isNotNull();
            assertThat(map(service)).doesNotContainKeys("privileged", "cap_add", "pid", "ipc", "devices");
        });
        assertThat(text("docker-compose.yml")).doesNotContain("docker.sock");
    }

    @Test
    void theImageIsMadeOnABaseThatCanBePinned() {
        String dockerfile = text("Dockerfile");

        assertThat(dockerfile.lines().filter(line -> line.startsWith("FROM ")))
                .hasSize(2)
                .allMatch(line -> line.startsWith("FROM ${BASE}${BASE_DIGEST:+@${BASE_DIGEST}}"));
        // None is made up here: a release asks for the one that the tag names.
        assertThat(dockerfile).contains("\nARG BASE_DIGEST=\n").doesNotContain("sha256:0", "sha256:a");
        assertThat(text(".github/workflows/release.yml")).contains("BASE_DIGEST=${{ steps.base.outputs.digest }}");
        assertThat(map(map(map(services().get("bactrian")).get("build")).get("args")))
                .isEqualTo(Map.of("BASE_DIGEST", "${BASE_DIGEST:-}"));
    }

    @Test
    void theImageHasNoDemoAndRunsWhatItsUserCannotChange() {
        String last = text("Dockerfile").substring(text("Dockerfile").lastIndexOf("\nFROM "));
        List<String> copied =
                last.lines().filter(line -> line.startsWith("COPY ")).toList();

        assertThat(copied).contains("COPY --from=build /build/target/lib target/lib");
        assertThat(copied)
                .noneMatch(line -> line.contains("lib-demo") || line.contains("--chown") || line.contains(" . "));
        assertThat(last).contains("\nUSER bactrian\n").containsPattern("(?s)COPY .*USER bactrian");
        assertThat(last.substring(last.indexOf("USER bactrian"))).doesNotContain("\nUSER root", "\nRUN ");
    }

    static List<Path> workflows() {
        try (Stream<Path> files = Files.list(Path.of(".github/workflows"))) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void aWorkflowMayDoLittleAndRunsKnownActions(Path file) {
        Map<String, Object> workflow = map(yaml(file.toString()));

        assertThat(workflow.get("permissions")).as("of all jobs").isEqualTo(Map.of("contents", "read"));
        // It would run the code of strangers with the repository's rights.
        assertThat(text(file.toString())).doesNotContain("pull_request_target", "workflow_run:");
        List<String> used = matches(text(file.toString()), "(?m)^\\s*(?:- )?uses: (\\S+)");
        assertThat(used).isNotEmpty().allMatch(PINNED.asMatchPredicate());
        for (Map.Entry<String, Object> entry : map(workflow.get("jobs")).entrySet()) {
            Map<String, Object> job = map(entry.getValue());
            assertThat(job.containsKey("timeout-minutes") || job.containsKey("uses"))
                    .as("%s: a limit of time", entry.getKey())
                    .isTrue();
            for (Object each : (List<?>) (job.get("steps") == null ? List.of() : job.get("steps"))) {
                Map<String, Object> step = map(each);
                // What comes from outside reaches a script by its environment, not as a part of it.
                assertThat(String.valueOf(step.get("run"))).doesNotContain("${{");
                if (String.valueOf(step.get("uses")).startsWith("actions/checkout@")) {
                    assertThat(map(step.get("with")).get("persist-credentials")).isEqualTo(false);
                }
            }
        }
    }

    @Test
    void theReleaseIsBuiltTwiceListedSummedAndSigned() {
        String release = text(".github/workflows/release.yml");
        assertThat(release)
                .contains(
                        "uses: ./.github/workflows/ci.yml", ".ci/reproducible", ".ci/release", "cosign sign-blob --yes")
                .contains(
                        "cosign sign --yes",
                        "platforms: linux/amd64,linux/arm64",
                        "sbom: true",
                        "provenance: mode=max");
        assertThat(text(".ci/release")).contains("-Psbom", "sha256sum");
        assertThat(text(".github/workflows/ci.yml")).contains("bash .ci/run");
        assertThat(matches(text(".github/dependabot.yml"), "package-ecosystem: (\\S+)"))
                .contains("maven", "docker", "github-actions");
    }

    @Test
    void librariesAreOfOneVersionEachAndBuildsOfOneTime() {
        assertThat(text("pom.xml"))
                .contains(
                        "<dependencyConvergence/>",
                        "<requireUpperBoundDeps/>",
                        "<project.build.outputTimestamp>2026-01-01")
                .contains("<artifactId>netty-bom<", "<artifactId>jackson-bom<", "<artifactId>bc-jdk18on-bom<")
                .doesNotContain("-SNAPSHOT</camel", "<repositories>", "<pluginRepositories>");
    }

    /** What Camel's known flaws need (docs/adr/0048), and no route as shipped has. */
    @Test
    void noRouteHasWhatKnownFlawsOfCamelNeed() {
        String routes = all("routes") + all("src/main/java");
        assertThat(routes)
                .contains("platform-http:/api/backups")
                .doesNotContainPattern("platform-http:/?proxy")
                .doesNotContainPattern("(?i)followRedirects\\W+true")
                .doesNotContainPattern("\\b(imaps?|pop3s?):")
                .doesNotContainPattern("(?i)mime-?multipart")
                .doesNotContain("camel.server.authentication", "camel.management.authentication", "camel.server.cors")
                .doesNotContainPattern("(?i)enableCORS");
    }

    private static Map<String, Object> services() {
        return map(map(yaml("docker-compose.yml")).get("services"));
    }

    private static Object yaml(String file) {
        return new Load(LoadSettings.builder().setLabel(file).build()).loadFromString(text(file));
    }

    private static Map<String, Object> map(Object node) {
        Map<String, Object> map = new LinkedHashMap<>();
        ((Map<?, ?>) node).forEach((key, value) -> map.put(String.valueOf(key), value));
        return map;
    }

    private static List<String> list(Object node) {
        return ((List<?>) node).stream().map(String::valueOf).toList();
    }

    private static List<String> matches(String text, String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }

    private static String all(String folder) {
        List<String> texts = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Path.of(folder))) {
            files.filter(Files::isRegularFile).sorted().forEach(file -> texts.add(text(file.toString())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return String.join("\n", texts);
    }

    private static String text(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
