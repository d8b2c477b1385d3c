import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Serves requests that fill a heap: each allocates so many bytes, and holds some of them for an
 * exponential time. One line of standard input is one run:
 *
 * <pre>play seed baseBytes requestBytes heldBytes heldMs tickMs warmTicks beforeRate rate ...</pre>
 *
 * The rates are requests a second in one tick after the other; what requests at the rate before
 * would still hold is there from the start. Arrivals are Poisson, from the seed, and come when they
 * come, however long the one before takes (open loop). A request that has waited for a second gives
 * up. At the end one line says what came of those after the warm-up; a run that runs out of memory
 * has rejected all of them. The end of the input ends it.
 */
class HeapLoad {
  private static final long GIVE_UP_NANOS = 1_000_000_000L;
  private static final int CHUNK_BYTES = 8 * 1024;

  /** Memory of a request that is kept until then. */
  private record Held(long untilNanos, byte[][] bytes) implements Comparable<Held> {
    @Override
    public int compareTo(Held other) {
      return Long.compare(untilNanos, other.untilNanos);
    }
  }

  /** What is there without any request; a field, so that it stays. */
  private static byte[][] base = {};

  public static void main(String[] arguments) throws Exception {
    System.out.println("ready");
    BufferedReader input = new BufferedReader(new InputStreamReader(System.in));
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      String[] words = line.trim().split("\\s+");
      if (!words[0].equals("play")) continue;
      double[] numbers = Arrays.stream(words).skip(1).mapToDouble(Double::parseDouble).toArray();
      Thread thread = new Thread(() -> playOrFail(numbers));
      thread.setDaemon(true);
      thread.start();
    }
    System.exit(0);
  }

  private static void playOrFail(double[] numbers) {
    double tickSeconds = numbers[5] / 1e3;
    double countedRates = Arrays.stream(numbers).skip(8 + (long) numbers[6]).sum();
    long endNanos = System.nanoTime() + (long) ((numbers.length - 8) * tickSeconds * 1e9);
    try {
      play(numbers);
    } catch (OutOfMemoryError error) {
      base = null;
      while (System.nanoTime() < endNanos) LockSupport.parkNanos(10_000_000L);
      report(new ArrayDeque<>(), new ArrayDeque<>(), Math.round(countedRates * tickSeconds));
    }
  }

  private static void play(double[] numbers) {
    SplittableRandom random = new SplittableRandom((long) numbers[0]);
    base = allocate((int) numbers[1]);
    int requestBytes = (int) numbers[2];
    int heldBytes = (int) numbers[3];
    double heldNanos = numbers[4] * 1e6;
    double tickNanos = numbers[5] * 1e6;
    double warmNanos = numbers[6] * tickNanos;
    double[] rates = Arrays.copyOfRange(numbers, 8, numbers.length);
    PriorityQueue<Held> held = heldBefore(random, numbers[7] * numbers[4] / 1e3, heldBytes, heldNanos);
    CoreWait coreWait = new CoreWait();
    ArrayDeque<Long> late = new ArrayDeque<>();
    ArrayDeque<Long> lag = new ArrayDeque<>();
    long rejected = 0;
    long startNanos = System.nanoTime();
    double dueNanos = 0;
    double endNanos = rates.length * tickNanos;
    while (true) {
      dueNanos = nextArrival(random, dueNanos, rates, tickNanos);
      if (dueNanos >= endNanos) break;
      long due = startNanos + (long) dueNanos;
      waitUntil(due, held, coreWait);
      // Drawn also for those that give up, so that the same seed brings the same run.
      double hold = exponential(random, heldNanos);
      long now = System.nanoTime();
      boolean isServed = now - due <= GIVE_UP_NANOS;
      if (isServed) serve(held, now + (long) hold, requestBytes, heldBytes);
      long waitedNanos = coreWait.since(due);
      coreWait.mark();
      if (dueNanos < warmNanos) continue;
      lag.add(waitedNanos);
      if (isServed) late.add(System.nanoTime() - due);
      else rejected++;
    }
    waitUntil(startNanos + (long) endNanos, held, coreWait);
    report(late, lag, rejected);
  }

  /** The memory that is left of a time is as long as that of a new one. */
  private static PriorityQueue<Held> heldBefore(
      SplittableRandom random, double requests, int heldBytes, double heldNanos) {
    PriorityQueue<Held> held = new PriorityQueue<>();
    long now = System.nanoTime();
    for (int index = 0; index < Math.round(requests); index++) {
      serve(held, now + (long) exponential(random, heldNanos), heldBytes, heldBytes);
    }
    return held;
  }

  private static void serve(
      PriorityQueue<Held> held, long untilNanos, int requestBytes, int heldBytes) {
    allocate(requestBytes - heldBytes);
    held.add(new Held(untilNanos, allocate(heldBytes)));
  }

  private static double exponential(SplittableRandom random, double mean) {
    return -Math.log(1 - random.nextDouble()) * mean;
  }

  /** Exponential gaps at the rate of the tick in which they begin; none while the rate is zero. */
  private static double nextArrival(
      SplittableRandom random, double nowNanos, double[] rates, double tickNanos) {
    double work = exponential(random, 1);
    double at = nowNanos;
    while (true) {
      int tick = (int) (at / tickNanos);
      if (tick >= rates.length) return at;
      double leftNanos = (tick + 1) * tickNanos - at;
      double share = (rates[tick] * leftNanos) / 1e9;
      if (share >= work) return at + (work * 1e9) / rates[tick];
      work -= share;
      at = (tick + 1) * tickNanos;
    }
  }

  private static void waitUntil(long nanos, PriorityQueue<Held> held, CoreWait coreWait) {
    while (true) {
      long now = System.nanoTime();
      release(held, now);
      if (now >= nanos) return;
      coreWait.mark();
      LockSupport.parkNanos(Math.min(nanos - now, 10_000_000L));
    }
  }

  private static void release(PriorityQueue<Held> held, long now) {
    while (!held.isEmpty() && held.peek().untilNanos <= now) held.poll();
  }

  private static byte[][] allocate(int bytes) {
    byte[][] chunks = new byte[Math.max(1, (bytes + CHUNK_BYTES - 1) / CHUNK_BYTES)][];
    for (int at = 0; at < chunks.length; at++) {
      chunks[at] = new byte[Math.min(CHUNK_BYTES, Math.max(0, bytes - at * CHUNK_BYTES))];
    }
    return chunks;
  }

  private static void report(ArrayDeque<Long> late, ArrayDeque<Long> lag, long rejected) {
    System.out.printf(
        "{\"arrived\":%d,\"rejected\":%d,\"delayMsP99\":%.3f,\"lagMsP99\":%.3f}%n",
        late.size() + rejected, rejected, p99(late) / 1e6, p99(lag) / 1e6);
  }

  private static long p99(ArrayDeque<Long> values) {
    long[] sorted = values.stream().mapToLong(Long::longValue).sorted().toArray();
    return sorted.length == 0 ? 0 : sorted[(int) Math.min(sorted.length - 1, sorted.length * 0.99)];
  }

  /** How long the thread that asks was ready to run and had to wait for a core, as Linux says. */
  private static class CoreWait {
    private final RandomAccessFile schedstat;
    private final byte[] text = new byte[100];
    private final ArrayDeque<Mark> marks = new ArrayDeque<>();
    private Mark last;

    private record Mark(long atNanos, long waitedNanos) {}

    CoreWait() {
      try {
        schedstat = new RandomAccessFile("/proc/thread-self/schedstat", "r");
      } catch (IOException error) {
        throw new UncheckedIOException(error);
      }
      last = new Mark(System.nanoTime(), read());
    }

    /** Between two requests, and before each pause. */
    void mark() {
      marks.add(new Mark(System.nanoTime(), read()));
    }

    /** Since the last mark before that, nanoseconds; asked for later and later times. */
    long since(long nanos) {
      while (!marks.isEmpty() && marks.peek().atNanos <= nanos) last = marks.poll();
      return read() - last.waitedNanos;
    }

    /** The second number: nanoseconds on a core, nanoseconds waiting for one, turns. */
    private long read() {
      try {
        schedstat.seek(0);
        int length = schedstat.read(text);
        return Long.parseLong(new String(text, 0, length).split(" ")[1]);
      } catch (IOException error) {
        throw new UncheckedIOException(error);
      }
    }
  }
}
