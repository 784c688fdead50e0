// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.demo;

import org.jspecify.annotations.Nullable;

/** One far side of the demo with the devices that talk to it, and the books of what they say. From one thread. */
final class Leg implements AutoCloseable {
    private final FarSide farSide;
    private final Tally tally;
    private final Devices devices;
    private final int deviceCount;
    private int commandsMade;
    private @Nullable Pacer readings;
    private @Nullable Pacer commands;

    /**
     * A leg whose far side runs.
     *
     * @param mqttPort where the gateway is going to listen
     */
    Leg(FarSide farSide, Tally tally, DemoPlan plan, int mqttPort) {
        this.farSide = farSide;
        this.tally = tally;
        this.deviceCount = plan.devices();
        this.devices = new Devices(plan.site(farSide), plan.devices(), mqttPort, tally);
    }

    FarSide farSide() {
        return farSide;
    }

    Tally tally() {
        return tally;
    }

    void connect() throws InterruptedException {
        devices.connect();
    }

    /** Lets messages flow both ways. */
    void start(DemoPlan plan) {
        readings = Pacer.start(farSide.name() + "-readings", plan.rate(), devices::publishNext);
        commands = Pacer.start(farSide.name() + "-commands", plan.commandRate(), this::sendCommand);
    }

    private void sendCommand() {
        int device = commandsMade % deviceCount;
        int number = commandsMade / deviceCount;
        commandsMade++;
        try {
            farSide.sendCommand(device, number);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (Exception failure) {
            tally.failed("a command could not be sent: " + failure);
        }
    }

    /** No message is sent any more, and those sent are confirmed. */
    void stop() throws Exception {
        stopSending();
        farSide.flush();
    }

    private void stopSending() throws InterruptedException {
        if (readings != null) {
            readings.close();
        }
        if (commands != null) {
            commands.close();
        }
    }

    /** Disconnects the devices; the far side goes on. */
    @Override
    public void close() throws Exception {
        stopSending();
        devices.close();
    }
}
