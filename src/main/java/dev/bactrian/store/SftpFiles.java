package dev.bactrian.store;

import com.jcraft.jsch.ChannelSftp;
import com.jcraft.jsch.SftpATTRS;
import com.jcraft.jsch.SftpException;
import java.io.InputStream;
import java.util.Optional;

/** Files and folders of an SFTP server, where "not there" is what the server says and nothing else. */
final class SftpFiles {

    private static final int ATTEMPTS = 3;

    private SftpFiles() {}

    /**
     * Writes a file, which has its name only when all of it is there.
     *
     * @param notBefore the earliest time that it may be of, in seconds since 1970
     */
    static void write(ChannelSftp sftp, InputStream content, String file, int notBefore) throws SftpException {
        makeFolders(sftp, file.substring(0, file.lastIndexOf('/')));
        sftp.put(content, file + PartFiles.PART);
        if (sftp.stat(file + PartFiles.PART).getMTime() < notBefore) {
            sftp.setMtime(file + PartFiles.PART, notBefore);
        }
        sftp.rename(file + PartFiles.PART, file);
    }

    /** Whether it was made; false where it is there already. */
    static boolean makes(ChannelSftp sftp, String folder) throws SftpException {
        for (int attempt = 1; ; attempt++) {
            try {
                sftp.mkdir(folder);
                return true;
            } catch (SftpException e) {
                // The server doesn't say why. What was there may be gone by now.
                if (attributes(sftp, folder).isPresent()) {
                    return false;
                }
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /** With those that it is in. */
    static void makeFolders(ChannelSftp sftp, String folder) throws SftpException {
        if (attributes(sftp, folder).isEmpty()) {
            makeFolders(sftp, folder.substring(0, Math.max(1, folder.lastIndexOf('/'))));
            makes(sftp, folder);
        }
    }

    /** No error where there is nothing. */
    static void remove(ChannelSftp sftp, String file) throws SftpException {
        try {
            sftp.rm(file);
        } catch (SftpException e) {
            if (e.id != ChannelSftp.SSH_FX_NO_SUCH_FILE) {
                throw e;
            }
        }
    }

    /** Empty where there is nothing. */
    static Optional<SftpATTRS> attributes(ChannelSftp sftp, String path) throws SftpException {
        try {
            return Optional.of(sftp.stat(path));
        } catch (SftpException e) {
            if (e.id == ChannelSftp.SSH_FX_NO_SUCH_FILE) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
