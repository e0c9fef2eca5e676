package io.konnectproxy.journal;

import io.konnectproxy.text.PatientOpening;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Opens a device or a pipe for appending. It does not wait for a named pipe without a reader. */
final class DeviceOpening {
    private static final int TYPE = 0xF000;
    private static final int PIPE = 0x1000;
    private static final int SOCKET = 0xC000;

    private DeviceOpening() {}

    static FileChannel open(Path file) throws IOException {
        int type = typeOf(file);
        if (type == SOCKET) {
            throw new FileSystemException(file.toString(), null, FileTrouble.SOCKET);
        }
        return PatientOpening.of(() -> FileChannel.open(file, StandardOpenOption.APPEND))
                .orElseThrow(() -> new FileSystemException(
                        file.toString(), null, type == PIPE ? FileTrouble.NO_READER : FileTrouble.DOES_NOT_OPEN));
    }

    /** The file type bits of the mode (POSIX {@code S_IFMT}); 0 where the system does not have them. */
    private static int typeOf(Path file) {
        try {
            return Files.getAttribute(file, "unix:mode") instanceof Integer mode ? mode & TYPE : 0;
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return 0;
        }
    }
}
