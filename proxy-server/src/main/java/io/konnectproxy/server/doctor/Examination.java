package io.konnectproxy.server.doctor;

import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.dns.ResolverSurvey;
import io.konnectproxy.server.upstream.Egress;
import io.netty.channel.EventLoop;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** What all steps have in common: the way out, the threads, and where reports go. Thread-safe. */
final class Examination implements AutoCloseable {
    private final Configuration configuration;
    private final Surroundings surroundings;
    private final Egress egress;
    private final EventLoop loop;
    private final Reports reports;
    private final Watchdog watchdog = new Watchdog();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "doctor");
        thread.setDaemon(true);
        return thread;
    });

    Examination(
            Configuration configuration, Surroundings surroundings, Egress egress, EventLoop loop, Reports reports) {
        this.configuration = configuration;
        this.surroundings = surroundings;
        this.egress = egress;
        this.loop = loop;
        this.reports = reports;
    }

    Configuration configuration() {
        return configuration;
    }

    Surroundings surroundings() {
        return surroundings;
    }

    Patience patience() {
        return surroundings.patience();
    }

    Egress egress() {
        return egress;
    }

    EventLoop loop() {
        return loop;
    }

    ResolverSurvey survey() {
        return new ResolverSurvey(loop, configuration.dns());
    }

    /** Bounds everything that is done on a connection. */
    Socket watched(Socket socket) {
        watchdog.closeAfter(socket, patience().altogether());
        return socket;
    }

    Watchdog watchdog() {
        return watchdog;
    }

    Diagnosis examine(DoctorStep step, Optional<String> subject, String asked, Supplier<Diagnosis> question) {
        return reports.examine(step, subject, asked, question);
    }

    void report(DoctorStep step, Optional<String> subject, String asked, Diagnosis diagnosis, long nanos) {
        reports.report(step, subject, asked, diagnosis, nanos);
    }

    /** Runs all at the same time, and waits for them. The results have the order of the questions. */
    <T> List<T> together(List<Supplier<T>> questions) {
        List<CompletableFuture<T>> running = new ArrayList<>();
        questions.forEach(question -> running.add(CompletableFuture.supplyAsync(question, threads)));
        return running.stream().map(CompletableFuture::join).toList();
    }

    @Override
    public void close() {
        watchdog.close();
        threads.shutdownNow();
    }
}
