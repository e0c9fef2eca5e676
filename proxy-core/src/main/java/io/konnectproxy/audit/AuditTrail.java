package io.konnectproxy.audit;

import java.util.concurrent.CompletionStage;

/** Where records go. Any thread; never blocks. */
public interface AuditTrail {
    /**
     * Hands a record over. Records of one caller keep their order.
     *
     * @return completes once the trail has taken the record as durably as configured, exceptionally when it could not;
     *     on which thread is not said
     */
    CompletionStage<Void> record(AuditRecord record);
}
