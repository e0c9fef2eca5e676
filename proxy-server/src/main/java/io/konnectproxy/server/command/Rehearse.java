package io.konnectproxy.server.command;

import io.konnectproxy.server.ProxyServer;
import io.konnectproxy.server.demo.Rehearsal;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Another entry point, for those who make a class archive: {@code run} from its start to its end, with a storm of tunnels between.
 * It is no command, for it does nothing for whoever runs it. Ports are the system's choice, files are in a temporary directory, and
 * neither environment nor configuration of this machine is read.
 */
public final class Rehearse {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Rehearse() {}

    /** Argument: how many seconds of tunnels. Exits with 0 if all went as it should. */
    public static void main(String[] arguments) {
        PrintStream out = System.out;
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        // The audit lines of the rehearsal are for nobody.
        System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        BufferMemory.limit();
        try {
            int tunnels = rehearse(Duration.ofSeconds(Long.parseLong(arguments[0])), err);
            out.println("Rehearsed " + tunnels + " tunnels.");
            System.exit(ExitCode.OK);
        } catch (IOException e) {
            err.println("The rehearsal failed: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        System.exit(ExitCode.FAILED);
    }

    private static int rehearse(Duration time, PrintWriter err) throws IOException, InterruptedException {
        try (Rehearsal rehearsal = new Rehearsal()) {
            CompletableFuture<ProxyServer> started = new CompletableFuture<>();
            String file = rehearsal.configuration().toString();
            CompletableFuture<Integer> ended = new CompletableFuture<>();
            Thread thread = new Thread(
                    () -> ended.complete(KonnectProxyCommand.execute(
                            configuration -> {
                                ProxyServer server = ProxyServer.startBeforeStandIn(configuration, rehearsal.port());
                                started.complete(server);
                                return server;
                            },
                            Writer.nullWriter(),
                            err,
                            Map.of(),
                            "run",
                            "-c",
                            file)),
                    "run");
            thread.setDaemon(true);
            thread.start();
            CompletableFuture.anyOf(started, ended).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (ended.isDone()) {
                throw new IOException("the proxy does not start");
            }
            int tunnels = rehearsal.visit(started.get().listeners().get(0), time);
            Signals.stopThisProcess();
            if (ended.get(PATIENCE.toSeconds(), TimeUnit.SECONDS) != ExitCode.OK) {
                throw new IOException("the proxy does not end well");
            }
            return tunnels;
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the proxy neither starts nor ends", e);
        }
    }
}
