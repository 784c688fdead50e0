// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import io.gantry.api.security.CallerBans;
import io.gantry.connectors.spi.EndpointEvent;
import io.gantry.connectors.spi.EventCounts;
import java.net.DatagramPacket;
import org.eclipse.californium.scandium.DtlsDatagramFilter;
import org.eclipse.californium.scandium.dtls.Connection;
import org.eclipse.californium.scandium.dtls.Handshaker;
import org.eclipse.californium.scandium.dtls.Record;

/**
 * Drops what comes from banned addresses before it is looked at, and counts who guesses a shared key: once for each handshake,
 * as a login that failed. By then an address has shown by a cookie that it is there.
 */
final class DatagramGate extends DtlsDatagramFilter {
    private final CallerBans bans;
    private final EventCounts<EndpointEvent> counts;

    DatagramGate(CallerBans bans, EventCounts<EndpointEvent> counts) {
        this.bans = bans;
        this.counts = counts;
    }

    @Override
    public boolean onReceiving(DatagramPacket packet) {
        if (bans.isBanned(packet.getAddress(), null)) {
            counts.count(EndpointEvent.DROPPED);
            return false;
        }
        return super.onReceiving(packet);
    }

    /** In a handshake, that is what a wrong key looks like. */
    @Override
    public boolean onMacError(Record record, Connection connection) {
        Handshaker handshaker = connection.getOngoingHandshake();
        if (record.getEpoch() > 0
                && handshaker != null
                && handshaker.getSession().getCipherSuite().isPskBased()
                && connection.getFilterData() != handshaker) {
            connection.setFilterData(handshaker);
            bans.failed(record.getPeerAddress().getAddress(), null);
        }
        return super.onMacError(record, connection);
    }
}
