package io.konnectproxy.audit;

import java.util.concurrent.CompletionStage;

/** Takes audit records. Thread-safe; never blocks. */
public interface AuditTrail {
    /**
     * Submits a record. The records of one caller stay in order.
     *
     * @return completes when the record is as durable as configured, and exceptionally if it could not be written. The thread
     *     that completes it is unspecified.
     */
    CompletionStage<Void> record(AuditRecord record);
}
