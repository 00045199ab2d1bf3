package dev.bactrian.restore.unpack;

import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * What is to be unpacked, and where to.
 *
 * @param folder absolute; made when it isn't there
 * @param tables as schema.table, with their partitions; empty for everything
 * @param begun gets the run as soon as there is one
 */
public record UnpackRequest(UUID id, Path folder, List<String> tables, Consumer<UnpackRun> begun) {}
