package io.konnectproxy.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Objects of Kubernetes, as text and read. */
record RenderedChart(String text, List<JsonNode> objects) {
    RenderedChart {
        objects = List.copyOf(objects);
    }

    static RenderedChart of(String text) {
        List<JsonNode> objects = new ArrayList<>();
        try (var documents = new YAMLMapper().readerFor(JsonNode.class).<JsonNode>readValues(text)) {
            documents.forEachRemaining(document -> {
                if (!document.isNull()) {
                    objects.add(document);
                }
            });
        }
        return new RenderedChart(text, objects);
    }

    Stream<JsonNode> all(String kind) {
        return objects.stream().filter(object -> object.path("kind").asString().equals(kind));
    }

    Optional<JsonNode> find(String kind) {
        return all(kind).findFirst();
    }

    JsonNode the(String kind) {
        return find(kind).orElseThrow(() -> new AssertionError("no " + kind));
    }

    /** The pods of these objects. */
    Stream<JsonNode> pods() {
        return Stream.concat(
                all("Pod").map(pod -> pod.path("spec")), all("StatefulSet").map(set -> set.at("/spec/template/spec")));
    }

    /** The proxy's container. */
    JsonNode container() {
        return the("StatefulSet").at("/spec/template/spec/containers/0");
    }

    String configuration() {
        return the("ConfigMap").path("data").path("konnect-proxy.yaml").asString();
    }
}
