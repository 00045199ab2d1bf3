package dev.bactrian;

import dev.bactrian.cli.BactrianCommand;

/** Where the program starts: {@code ./bactrian} calls it. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(BactrianCommand.execute(arguments));
    }
}
