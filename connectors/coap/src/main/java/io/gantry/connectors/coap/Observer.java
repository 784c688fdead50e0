// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import org.eclipse.californium.core.coap.CoAP.Type;
import org.eclipse.californium.core.observe.ObserveRelation;
import org.eclipse.californium.core.server.resources.ObservableResource;

/** A topic as one caller observes it. Every notification must be acknowledged: an address that somebody has forged gets no second one. */
record Observer(ObservedTopic observed, IncomingRequest request) implements ObservableResource {

    @Override
    public String getURI() {
        return observed.topic().value();
    }

    @Override
    public Type getObserveType() {
        return Type.CON;
    }

    @Override
    public int getNotificationSequenceNumber() {
        return observed.version() & 0xFF_FFFF;
    }

    @Override
    public boolean isObservable() {
        return true;
    }

    @Override
    public void addObserveRelation(ObserveRelation relation) {
        observed.add(relation, request);
    }

    @Override
    public void removeObserveRelation(ObserveRelation relation) {
        observed.remove(relation);
    }

    @Override
    public int getObserverCount() {
        return observed.observers();
    }
}
