package dev.bactrian.http.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** openapi.yaml: its operations and schemas, and what fits them. */
final class Contract {

    static final ObjectMapper JSON = new ObjectMapper();

    static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

    static final JsonNode CONTRACT = contract();

    private Contract() {}

    static JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? CONTRACT.at(node.path("$ref").asText().substring(1)) : node;
    }

    static JsonNode schema(String pointer) {
        return JSON.createObjectNode().put("$ref", "#" + pointer);
    }

    static Set<ValidationMessage> validate(JsonNode schema, JsonNode value) {
        ObjectNode document = JSON.createObjectNode();
        document.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        document.putArray("allOf").add(closed(schema.deepCopy()));
        document.putObject("components")
                .set("schemas", closed(CONTRACT.at("/components/schemas").deepCopy()));
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(
                        document,
                        SchemaValidatorsConfig.builder()
                                .formatAssertionsEnabled(true)
                                .build())
                .validate(value);
    }

    /** Callers leave alone what they don't know, but this test wants every member described. */
    private static JsonNode closed(JsonNode schema) {
        if (schema instanceof ObjectNode object
                && object.path("properties").isObject()
                && object.path("type").isTextual()
                && !object.has("additionalProperties")) {
            object.put("additionalProperties", false);
        }
        schema.forEach(Contract::closed);
        return schema;
    }

    static void eachOperation(BiConsumer<String, JsonNode> action) {
        for (Map.Entry<String, JsonNode> path : CONTRACT.path("paths").properties()) {
            for (Iterator<Map.Entry<String, JsonNode>> members = path.getValue().fields(); members.hasNext(); ) {
                Map.Entry<String, JsonNode> member = members.next();
                if (METHODS.contains(member.getKey())) {
                    action.accept(
                            member.getKey().toUpperCase(java.util.Locale.ROOT) + " " + path.getKey(),
                            member.getValue());
                }
            }
        }
    }

    private static JsonNode contract() {
        try {
            return JSON.valueToTree(new Yaml(new SafeConstructor(new LoaderOptions())).load(text()));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static String text() throws IOException {
        try (InputStream in = Contract.class.getResourceAsStream("/openapi.yaml")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
