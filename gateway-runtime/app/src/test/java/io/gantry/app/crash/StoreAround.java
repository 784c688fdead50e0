// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.crash;

import io.gantry.api.Acknowledgement;
import io.gantry.api.store.Store;
import io.gantry.api.store.StoreWrite;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashSet;
import java.util.Set;

/** A store that is as the one behind it, but for what a test makes it do otherwise. */
class StoreAround {
    private final Store inner;

    StoreAround(Store inner) {
        this.inner = inner;
    }

    /**
     * A batch on its way.
     *
     * @param changes the names of the methods by which it was made
     */
    record Batch(StoreWrite write, Set<String> changes) {
        boolean has(String... some) {
            return Set.of(some).stream().anyMatch(changes::contains);
        }
    }

    /** Whether a change gets into its batch. */
    boolean keeps(String change) {
        return true;
    }

    /** Something is read. */
    void beforeReading(String what) {}

    String id(String real) {
        return real;
    }

    void commit(Batch batch, Acknowledgement acknowledgement) {
        inner.commit(batch.write(), acknowledgement);
    }

    /** The store that the gateway gets. */
    Store asStore() {
        return proxy(Store.class, this::onStore);
    }

    private Object onStore(Object proxy, Method method, Object... arguments) throws Throwable {
        switch (method.getName()) {
            case "newWrite" -> {
                return proxy(StoreWrite.class, new RecordingWrite(inner.newWrite()));
            }
            case "commit" -> {
                RecordingWrite write = (RecordingWrite) Proxy.getInvocationHandler(arguments[0]);
                commit(new Batch(write.real, write.changes), (Acknowledgement) arguments[1]);
                return null;
            }
            case "id" -> {
                return id(inner.id());
            }
            default -> {
                beforeReading(method.getName());
                return call(inner, method, arguments);
            }
        }
    }

    private final class RecordingWrite implements InvocationHandler {
        private final StoreWrite real;
        private final Set<String> changes = new HashSet<>();

        RecordingWrite(StoreWrite real) {
            this.real = real;
        }

        @Override
        public Object invoke(Object proxy, Method method, Object... arguments) throws Throwable {
            if (method.getReturnType() != StoreWrite.class) {
                return call(real, method, arguments);
            }
            if (keeps(method.getName())) {
                changes.add(method.getName());
                call(real, method, arguments);
            }
            return proxy;
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Object call(Object real, Method method, Object... arguments) throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }
}
