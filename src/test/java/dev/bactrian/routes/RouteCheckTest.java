package dev.bactrian.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.bactrian.problem.ConfigurationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A wrong edit says so at the start, with file and line and the name that may have been meant. */
class RouteCheckTest {

    private static final String NO_HANDLER = "- routeConfiguration:\n    errorHandler: { noErrorHandler: {} }\n"
            + "- routeConfiguration:\n    id: none-of-it\n"
            + "    onException: [{ onException: { exception: [java.lang.Exception], steps: [{ log: x }] } }]\n";

    @TempDir
    private Path folder;

    private final DefaultCamelContext camel = new DefaultCamelContext();

    @AfterEach
    void end() {
        camel.stop();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "to: direct:detectt | no loaded route serves direct:detectt, so its callers would fail. Did "
                        + "you mean direct:detect?",
                "wireTap: { uri: \"direct:elsewhere\" } | Correct the name, or add a route that begins with it.",
                "enrich: { constant: \"direct:detec\" } | Did you mean direct:detect?",
                "to: direct:read-range | routes/store/archive-store.camel.yaml does, but that file isn't loaded",
                "to: { uri: \"bean:run?method=open\" } | there is no bean \"run\". Did you mean runs?",
                "to: \"bean:runs?method=opened('x')\" | the bean \"runs\" has no method \"opened\". Did you mean open?",
                "setBody: { method: { ref: run } } | there is no bean \"run\"",
                "setBody: { simple: \"${bean:runs?method=oben} and more\" } | has no method \"oben\"",
                "split: { simple: \"${body}\", aggregationStrategy: joinn, steps: [{ log: x }] } | there is no bean \"joinn\"",
                "split: { simple: \"${body}\", executorService: dumb, steps: [{ log: x }] } | there is no bean \"dumb\"",
                "to: { uri: \"exec:pg_dump\", parameters: { bindin: \"#bean:runs\" } } | exec: has no option \"bindin\". Did you mean binding?",
                "toD: \"sql:file:sql/backup/detect-tables.sql?outputHeadr=x&dataSource=#${body}\" | Did you mean outputHeader?",
                "to: { uri: \"sql:file:sql/detect-tables.sql\" } | the file sql/detect-tables.sql isn't there. Did you mean sql/backup/detect-tables.sql?",
                "to: \"exek:pg_dump\" | there is no component \"exek\"",
            })
    void aWrongNameIsRefusedWithFileAndLine(String step, String words) throws Exception {
        Path file = file("mine.camel.yaml", "        - log: before\n        - " + step + "\n");

        assertThat(refusal(file))
                .hasSize(1)
                .first()
                .asString()
                .startsWith(file + ":7: ")
                .contains(words);
    }

    @Test
    void twoRoutesBeansOrTemplatesOfOneNameAreRefused() throws Exception {
        String store = "- beans: [{ name: folder, type: java.util.ArrayList }]\n"
                + "- routeTemplate:\n    id: verbs\n    parameters: [{ name: name }]\n"
                + "    route: { from: { uri: \"direct:{{name}}\", steps: [{ log: x }] } }\n"
                + "- templatedRoute: { routeTemplateRef: verbs, routeId: archives, parameters: [{ name: name, value: archives }] }\n";
        Path one = Files.writeString(folder.resolve("one.camel.yaml"), store);
        Path two = Files.writeString(folder.resolve("two.camel.yaml"), store);

        assertThat(RouteCheck.ofText(camel, List.of(one))).isEmpty();
        assertThat(RouteCheck.ofText(camel, List.of(one, two)))
                .anySatisfy(
                        error -> assertThat(error).startsWith(one + ":1 and " + two + ":1 have the bean \"folder\""))
                .anySatisfy(error -> assertThat(error).contains("have the template \"verbs\""))
                .anySatisfy(error ->
                        assertThat(error).startsWith(one + ":6 and " + two + ":6 have the route \"archives\""));
    }

    /** Camel's own words name no file. */
    @Test
    void whatCannotBeLoadedIsAnErrorOfTheConfigurationWithItsPlace() throws Exception {
        Path file = Files.writeString(
                folder.resolve("mine.camel.yaml"),
                "# mine\n- beans: [{ name: mine, type: dev.bactrian.store.FolderStor }]\n");

        Exception told = LoadErrors.of(
                camel,
                List.of(file),
                new IllegalStateException(new ClassNotFoundException("dev.bactrian.store.FolderStor")));

        assertThat(told).isInstanceOf(ConfigurationException.class);
        assertThat(((ConfigurationException) told).errors())
                .containsExactly(
                        file + ":2: the routes can't be loaded: there is no class dev.bactrian.store.FolderStor."
                                + " Correct that; docs/routes.md has what a route file may hold.");
    }

    @Test
    void whatIsThereIsNotRefused() throws Exception {
        Path file = file(
                "mine.camel.yaml",
                "        - to: direct:detect\n        - toD: { uri: \"${exchangeProperty.uri}\" }\n"
                        + "        - toD: \"direct:${body}\"\n        - to: { uri: \"bean:runs?method=open\" }\n"
                        + "        - setBody: { simple: \"${bean:runs.open}\" }\n        - to: \"log:x?level=INFO\"\n"
                        + "        - to: \"bean:java.lang.System?method=gc\"\n        - to: \"{{where:direct:detect}}\"\n");

        assertThatCode(() -> check(file)).doesNotThrowAnyException();
    }

    /** Its endpoint and its beans are known by its parameters alone. */
    @Test
    void aRouteOfATemplateIsCheckedAsItsParametersMakeIt() throws Exception {
        String template =
                "- routeTemplate:\n    id: verbs\n    parameters: [{ name: name }, { name: bean, defaultValue: runs }]\n"
                        + "    route:\n      from:\n        uri: \"direct:{{name}}\"\n        steps:\n"
                        + "          - to: { uri: \"bean:{{bean}}?method=open\" }\n"
                        + "- templatedRoute: { routeTemplateRef: verbs, routeId: one, parameters: [{ name: name, value: one }] }\n";
        Path good = file("good.camel.yaml", "        - to: direct:one\n");
        Files.writeString(good, template + Files.readString(good));
        assertThatCode(() -> check(good)).doesNotThrowAnyException();

        Path wrong = folder.resolve("wrong.camel.yaml");
        Files.writeString(
                wrong,
                template.replace("verbs", "others").replace("one", "two").replace("method=open", "method=opened"));
        assertThat(refusal(wrong))
                .singleElement()
                .asString()
                .startsWith(wrong + ":8: ")
                .contains("no method \"opened\"");
    }

    @Test
    void anOnExceptionThatNobodyWouldAskIsRefused() throws Exception {
        Path file = file("mine.camel.yaml", "        - log: x\n", "    routeConfigurationId: dead\n");
        Files.writeString(
                file,
                Files.readString(file)
                        + "- routeConfiguration:\n    id: dead\n    errorHandler: { noErrorHandler: {} }\n"
                        + "    onException: [{ onException: { exception: [java.lang.Exception], steps: [{ log: y }] } }]\n");

        assertThat(refusal(file))
                .hasSize(1)
                .first()
                .asString()
                .contains(
                        file.getFileName().toString(),
                        "onException does nothing in the route mine",
                        "routeConfigurationId");
    }

    /** Of a file, an onException holds for its routes; since they have no handler, it would be dead. */
    @Test
    void soIsOneOfAFile() throws Exception {
        Files.writeString(folder.resolve("errors.camel.yaml"), NO_HANDLER);
        load(folder.resolve("errors.camel.yaml"));
        Path file = file("mine.camel.yaml", "        - log: x\n");
        Files.writeString(
                file,
                "- onException: { exception: [java.lang.Exception], steps: [{ log: y }] }\n" + Files.readString(file));

        assertThat(refusal(file)).hasSize(2).allSatisfy(error -> assertThat(error)
                .contains("onException does nothing in the route"));
    }

    /** It names a handler of its own, as the configurations that are shipped do. */
    @Test
    void anOnExceptionWithAHandlerIsNot() throws Exception {
        Files.writeString(folder.resolve("errors.camel.yaml"), NO_HANDLER);
        load(folder.resolve("errors.camel.yaml"));

        assertThatCode(() ->
                        check(file("mine.camel.yaml", "        - log: x\n", "    routeConfigurationId: none-of-it\n")))
                .doesNotThrowAnyException();
    }

    private List<String> refusal(Path file) {
        return catchThrowableOfType(ConfigurationException.class, () -> check(file))
                .errors();
    }

    private void check(Path file) throws Exception {
        load(file);
        camel.getRegistry().bind("runs", new Runs());
        RouteCheck.require(camel, List.of(file));
    }

    private void load(Path file) throws Exception {
        PluginHelper.getRoutesLoader(camel)
                .loadRoutes(PluginHelper.getResourceLoader(camel).resolveResource("file:" + file));
    }

    private Path file(String name, String steps) throws Exception {
        return file(name, steps, "");
    }

    /** A route and one it may call; the steps begin in line 6, one line later where there is more to say of the route. */
    private Path file(String name, String steps, String more) throws Exception {
        return Files.writeString(
                folder.resolve(name),
                "- route:\n    id: mine\n" + more + "    from:\n      uri: direct:mine\n      steps:\n" + steps
                        + "- route: { id: detect, from: { uri: direct:detect, steps: [{ log: x }] } }\n");
    }

    /** A bean of a route. */
    public static final class Runs {
        public boolean open() {
            return true;
        }
    }
}
