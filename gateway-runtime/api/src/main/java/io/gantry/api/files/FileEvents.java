// SPDX-License-Identifier: Apache-2.0
package io.gantry.api.files;

/** Is told what became of files that have changed, on the thread that looks at them. They are in the log anyway. */
public interface FileEvents {

    /** What the file, or those that belong to it, hold now is in use. */
    void renewed(String file);

    /**
     * The file, or one that belongs to it, cannot be used; what it held before goes on being used. Once for each change.
     *
     * @param reason never what the file holds
     */
    void failed(String file, String reason);
}
