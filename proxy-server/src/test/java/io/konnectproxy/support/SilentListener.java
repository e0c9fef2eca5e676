package io.konnectproxy.support;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A listener whose queue is full: the kernel drops what would connect, so whoever dials it waits. It shares its port with
 * another one: its address should be one that no other test takes as a source, or the port may be in use there.
 */
public final class SilentListener implements AutoCloseable {
    private final ServerSocket listener;
    private final List<Socket> fillers = new ArrayList<>();

    public SilentListener(String address, int port) throws IOException {
        listener = new ServerSocket(port, 1, InetAddress.getByName(address));
    }

    /** From now on it is silent. Takes a moment: only a connection that does not come about tells that the queue is full. */
    public void fill() throws IOException {
        while (fillers.size() < 64) {
            Socket filler = new Socket();
            fillers.add(filler);
            try {
                filler.connect(listener.getLocalSocketAddress(), 100);
            } catch (SocketTimeoutException e) {
                return;
            }
        }
        throw new IllegalStateException("the queue never was full");
    }

    /** Whether somebody waits for it at this moment, as the kernel's table of connections tells (state 2, SYN sent). */
    public boolean isDialled() {
        byte[] ip = listener.getInetAddress().getAddress();
        String row = "%02X%02X%02X%02X:%04X 02 ".formatted(ip[3], ip[2], ip[1], ip[0], listener.getLocalPort());
        try {
            return Files.readString(Path.of("/proc/net/tcp")).contains(row)
                    || Files.readString(Path.of("/proc/net/tcp6")).contains(row);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        for (Socket filler : fillers) {
            filler.close();
        }
        listener.close();
    }
}
