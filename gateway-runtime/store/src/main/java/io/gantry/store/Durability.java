// SPDX-License-Identifier: Apache-2.0
package io.gantry.store;

/** What has happened to a write before it is acknowledged. */
public enum Durability {
    /** It is on the disk: survives a loss of power. */
    FSYNC,
    /** The operating system has it: survives a crash of the process, not of the machine. */
    OS;

    /**
     * Reads the key's value.
     *
     * @throws IllegalArgumentException when it is something else
     */
    public static Durability fromText(String text) {
        return switch (text) {
            case "fsync" -> FSYNC;
            case "os" -> OS;
            default -> throw new IllegalArgumentException("must be 'fsync' or 'os', was '" + text + "'");
        };
    }

    @Override
    public String toString() {
        return this == FSYNC ? "fsync" : "os";
    }
}
