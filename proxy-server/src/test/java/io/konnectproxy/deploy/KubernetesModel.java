package io.konnectproxy.deploy;

import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The model of Kubernetes' objects, which the API server has too: field names and types. */
final class KubernetesModel {
    private static final Map<String, Class<?>> KINDS = Map.of(
            "v1 ConfigMap", V1ConfigMap.class,
            "v1 Pod", V1Pod.class,
            "v1 Service", V1Service.class,
            "v1 ServiceAccount", V1ServiceAccount.class,
            "apps/v1 StatefulSet", V1StatefulSet.class,
            "networking.k8s.io/v1 NetworkPolicy", V1NetworkPolicy.class,
            "policy/v1 PodDisruptionBudget", V1PodDisruptionBudget.class);

    private KubernetesModel() {}

    static boolean knows(JsonNode object) {
        return KINDS.containsKey(kind(object));
    }

    static String kind(JsonNode object) {
        return object.path("apiVersion").asString() + " " + object.path("kind").asString();
    }

    /** A sentence for each field that the model does not have, or has with another type. */
    static List<String> faults(JsonNode object) {
        try {
            Object modelled = JSON.deserialize(object.toString(), KINDS.get(kind(object)));
            List<String> faults = new ArrayList<>();
            compare("", object, new JsonMapper().readTree(JSON.serialize(modelled)), faults);
            return faults;
        } catch (IllegalArgumentException | com.google.gson.JsonParseException e) {
            return List.of(e.getMessage());
        }
    }

    /** The model takes a number for a text, and the text of one for a number; the server does not. */
    private static void compare(String path, JsonNode ours, JsonNode modelled, List<String> faults) {
        if (ours.isObject() && modelled.isObject()) {
            ours.propertyStream()
                    .forEach(field -> compare(
                            path + "/" + field.getKey(), field.getValue(), modelled.path(field.getKey()), faults));
        } else if (ours.isArray() && modelled.isArray() && ours.size() == modelled.size()) {
            for (int i = 0; i < ours.size(); i++) {
                compare(path + "/" + i, ours.get(i), modelled.get(i), faults);
            }
        } else if (!ours.equals(modelled) && !isQuantity(path, ours, modelled)) {
            faults.add(path + " is " + ours + ", in the model " + modelled);
        }
    }

    /** A quantity may be a number, and is a text in the model. */
    private static boolean isQuantity(String path, JsonNode ours, JsonNode modelled) {
        return path.contains("/resources/") && ours.isInt() && ours.asString().equals(modelled.asString());
    }
}
