// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import io.gantry.api.Delivery;
import io.gantry.api.ReasonCode;
import io.gantry.api.Retry;
import io.gantry.api.Transactions;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.record.internal.AbstractRecords;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A producer of one target alone, whose records are in Kafka all or none together with the cursor. After any trouble it
 * is thrown away, and {@link #recover} makes the next. Used on the target's thread, but for {@link #close()}.
 */
final class ExactlyOnce implements Transactions, RecordSender, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ExactlyOnce.class);
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private static final RecordTooLargeException TOO_LARGE =
            new RecordTooLargeException("the record is larger than max-request-size");

    private static final Delivery TAKEN_OVER = new Delivery.Unavailable(
            ReasonCode.SESSION_TAKEN_OVER, "another gateway with the same id has taken over", Retry.whenMended());
    private static final Delivery NOT_RECOVERED = unavailable("the transactions of the target are not recovered");
    private static final Delivery INCOMPLETE = unavailable("a message of the transaction was not taken");

    private final String route;
    private final String id;
    private final ClientSettings clients;
    private final CursorTopic cursors;
    private final KafkaReach reach;
    private final long largest;
    private String journal = "";
    private TransactionAge age = TransactionAge.now();
    private volatile @Nullable KafkaProducer<byte[], byte[]> producer;
    private volatile boolean open;
    private volatile boolean incomplete;
    private volatile boolean spoilt;
    private volatile boolean takenOver;
    private volatile boolean closed;

    /**
     * Does nothing yet.
     *
     * @param id the transactional id: whoever uses the same shuts this one out
     */
    ExactlyOnce(String route, String id, ClientSettings clients, KafkaReach reach) {
        this.route = route;
        this.id = id;
        this.clients = clients;
        this.cursors = new CursorTopic(clients, route);
        this.reach = reach;
        this.largest = clients.settings().maxRequestSize().bytes();
    }

    @Override
    public Recovered recover(String journalNow) {
        discard();
        if (takenOver) {
            return new Recovered(TAKEN_OVER, OptionalLong.empty());
        }
        try {
            cursors.prepare();
            connect();
            journal = journalNow;
            return new Recovered(Delivery.accepted(), positionIn(cursors.last(id)));
        } catch (KafkaTroubleException trouble) {
            discard();
            reach.doubt();
            return new Recovered(trouble.outcome(), OptionalLong.empty());
        } catch (KafkaException | IllegalStateException failure) {
            // Nobody can be shut out by a newcomer's first question.
            discard();
            return new Recovered(notDone("recover", failure), OptionalLong.empty());
        }
    }

    private void connect() {
        KafkaProducer<byte[], byte[]> connected = new KafkaProducer<>(
                clients.transactionalProducer(route, id), new ByteArraySerializer(), new ByteArraySerializer());
        producer = connected;
        if (closed) {
            throw new IllegalStateException("the endpoint is closed");
        }
        // Ends what is open under this id, and returns when it is over in all partitions.
        connected.initTransactions();
    }

    private OptionalLong positionIn(@Nullable Cursor cursor) {
        if (cursor == null) {
            return OptionalLong.empty();
        }
        if (!cursor.journal().equals(journal)) {
            LOG.atInfo()
                    .addKeyValue("route", route)
                    .addKeyValue("transactionalId", id)
                    .addKeyValue("cursor", cursor)
                    .log("Kafka has the cursor of another outbox, which says nothing about this one");
            return OptionalLong.empty();
        }
        return OptionalLong.of(cursor.position());
    }

    @Override
    public Delivery begin() {
        KafkaProducer<byte[], byte[]> connected = producer;
        if (takenOver) {
            return TAKEN_OVER;
        }
        if (connected == null || open) {
            discard();
            return NOT_RECOVERED;
        }
        try {
            connected.beginTransaction();
        } catch (KafkaException | IllegalStateException failure) {
            return failed("begin", failure);
        }
        age = TransactionAge.now();
        incomplete = false;
        spoilt = false;
        open = true;
        return Delivery.accepted();
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> message, Callback callback) {
        KafkaProducer<byte[], byte[]> connected = producer;
        Answer answer = new Answer(callback);
        if (connected == null || !open) {
            return answer.refuse(new TimeoutException("no transaction is open"));
        }
        if (spoilt) {
            return answer.refuse(new TimeoutException("an earlier record of the transaction has failed"));
        }
        if (sizeOf(message) > largest) {
            // The producer would refuse it as well, and with it all that follows in the transaction.
            incomplete = true;
            callback.onCompletion(null, TOO_LARGE);
            return CompletableFuture.failedFuture(TOO_LARGE);
        }
        try {
            PartitionCheck.check(message, connected);
        } catch (NoSuchPartitionException missing) {
            // As with a record that is too large, the producer is not asked: that would spoil the transaction.
            incomplete = true;
            callback.onCompletion(null, missing);
            return CompletableFuture.failedFuture(missing);
        } catch (KafkaException | IllegalStateException failure) {
            return answer.refuse(failure);
        }
        try {
            return connected.send(message, answer);
        } catch (KafkaException | IllegalStateException failure) {
            return answer.refuse(failure);
        }
    }

    /** As the producer reckons it, before compression. */
    private static int sizeOf(ProducerRecord<byte[], byte[]> message) {
        return AbstractRecords.estimateSizeInBytesUpperBound(
                RecordBatch.CURRENT_MAGIC_VALUE,
                CompressionType.NONE,
                message.key(),
                message.value(),
                message.headers().toArray());
    }

    @Override
    public Delivery commit(long position) {
        KafkaProducer<byte[], byte[]> connected = producer;
        if (takenOver) {
            return TAKEN_OVER;
        }
        if (connected == null || !open) {
            discard();
            return NOT_RECOVERED;
        }
        if (incomplete) {
            discard();
            return INCOMPLETE;
        }
        try {
            // A failure of this send comes out of the commit.
            Future<RecordMetadata> unused = connected.send(cursors.record(id, new Cursor(journal, position)));
            connected.commitTransaction();
        } catch (KafkaException | IllegalStateException failure) {
            return failed("commit", failure);
        }
        open = false;
        return Delivery.accepted();
    }

    @Override
    public void abort() {
        KafkaProducer<byte[], byte[]> connected = producer;
        if (connected == null || !open) {
            return;
        }
        try {
            connected.abortTransaction();
            open = false;
        } catch (KafkaException | IllegalStateException failure) {
            Delivery unused = failed("abort", failure);
        }
    }

    private Delivery failed(String step, RuntimeException failure) {
        boolean shutOut = isShutOut(failure) && age.isBelow(ClientSettings.TRANSACTION_TIMEOUT);
        discard();
        if (!shutOut) {
            return notDone(step, failure);
        }
        takenOver = true;
        LOG.atError()
                .addKeyValue("route", route)
                .addKeyValue("transactionalId", id)
                .log(
                        "Another gateway with the same client-id and route writes to this Kafka; this one has stopped doing so");
        return TAKEN_OVER;
    }

    private Delivery notDone(String step, RuntimeException failure) {
        LOG.atWarn()
                .addKeyValue("route", route)
                .addKeyValue("transactionalId", id)
                .addKeyValue("step", step)
                .addKeyValue("failure", failure.toString())
                .log("A step of a Kafka transaction has failed; the target is recovered before the next");
        reach.doubt();
        Delivery outcome = SendFailures.classify(failure);
        return outcome instanceof Delivery.Unavailable ? outcome : INCOMPLETE;
    }

    /** Whether the id has a newer producer. A refused record only hints at it; the end of its transaction tells. */
    private boolean isShutOut(RuntimeException failure) {
        KafkaProducer<byte[], byte[]> doubted = producer;
        if (has(ProducerFencedException.class, failure)) {
            return true;
        }
        if (doubted == null || !has(InvalidProducerEpochException.class, failure)) {
            return false;
        }
        try {
            doubted.abortTransaction();
            return false;
        } catch (KafkaException | IllegalStateException verdict) {
            return has(ProducerFencedException.class, verdict);
        }
    }

    private static boolean has(Class<? extends KafkaException> kind, Throwable failure) {
        return kind.isInstance(failure) || (failure.getCause() != null && has(kind, failure.getCause()));
    }

    /** Ends the producer at once; Kafka throws away what it has not committed when the next one recovers, or later. */
    private void discard() {
        open = false;
        KafkaProducer<byte[], byte[]> discarded = producer;
        producer = null;
        if (discarded != null) {
            discarded.close(Duration.ZERO);
        }
    }

    /** Ends it in order: a transaction that is open is aborted, within a bounded time. On any thread. */
    @Override
    public void close() {
        closed = true;
        KafkaProducer<byte[], byte[]> last = producer;
        if (last != null) {
            last.close(CLOSE);
        }
    }

    private static Delivery unavailable(String reason) {
        return new Delivery.Unavailable(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, reason);
    }

    /** What waits for one record. */
    private final class Answer implements Callback {
        private final Callback callback;
        private final AtomicBoolean given = new AtomicBoolean();

        Answer(Callback callback) {
            this.callback = callback;
        }

        Future<RecordMetadata> refuse(RuntimeException failure) {
            onCompletion(null, failure);
            return CompletableFuture.failedFuture(failure);
        }

        @Override
        public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception failure) {
            // A producer in trouble may answer a record and throw as well.
            if (!given.compareAndSet(false, true)) {
                return;
            }
            if (failure != null) {
                incomplete = true;
                spoilt = true;
            }
            callback.onCompletion(metadata, causeOf(failure));
        }

        /** A Kafka topic that does not exist is told as a time-out; the wait for it was long enough to be sure. */
        private @Nullable Exception causeOf(@Nullable Exception failure) {
            return failure instanceof TimeoutException
                            && failure.getCause() instanceof UnknownTopicOrPartitionException missing
                    ? missing
                    : failure;
        }
    }
}
