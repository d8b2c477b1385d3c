import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Serves requests that fill a heap: each allocates so many bytes, and holds some of them for an
 * exponential time. One line of standard input is one run:
 *
 * <pre>play seed baseBytes requestBytes heldBytes heldMs tickMs warmTicks rate rate ...</pre>
 *
 * The rates are requests a second in one tick after the other; arrivals are Poisson, from the seed,
 * and come when they come, however long the one before takes (open loop). A request that has waited
 * for a second gives up. At the end one line says what came of those after the warm-up. The end of
 * the input ends it.
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
      Thread thread = new Thread(() -> play(numbers));
      thread.setDaemon(true);
      thread.start();
    }
    System.exit(0);
  }

  private static void play(double[] numbers) {
    SplittableRandom random = new SplittableRandom((long) numbers[0]);
    base = allocate((int) numbers[1]);
    int requestBytes = (int) numbers[2];
    int heldBytes = (int) numbers[3];
    double heldNanos = numbers[4] * 1e6;
    double tickNanos = numbers[5] * 1e6;
    PriorityQueue<Held> held = new PriorityQueue<>();
    ArrayDeque<Long> late = new ArrayDeque<>();
    long rejected = 0;
    long startNanos = System.nanoTime();
    double warmNanos = numbers[6] * tickNanos;
    double[] rates = Arrays.copyOfRange(numbers, 7, numbers.length);
    double dueNanos = 0;
    double endNanos = rates.length * tickNanos;
    while (true) {
      dueNanos = nextArrival(random, dueNanos, rates, tickNanos);
      if (dueNanos >= endNanos) break;
      long due = startNanos + (long) dueNanos;
      waitUntil(due, held);
      // Drawn also for those that give up, so that the same seed brings the same run.
      double hold = -Math.log(1 - random.nextDouble()) * heldNanos;
      boolean isCounted = dueNanos >= warmNanos;
      long now = System.nanoTime();
      if (now - due > GIVE_UP_NANOS) {
        if (isCounted) rejected++;
        continue;
      }
      release(held, now);
      allocate(requestBytes - heldBytes);
      held.add(new Held(now + (long) hold, allocate(heldBytes)));
      if (isCounted) late.add(System.nanoTime() - due);
    }
    waitUntil(startNanos + (long) endNanos, held);
    report(late, rejected);
  }

  /** Exponential gaps at the rate of the tick in which they begin; none while the rate is zero. */
  private static double nextArrival(
      SplittableRandom random, double nowNanos, double[] rates, double tickNanos) {
    double work = -Math.log(1 - random.nextDouble());
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

  private static void waitUntil(long nanos, PriorityQueue<Held> held) {
    while (true) {
      long now = System.nanoTime();
      release(held, now);
      if (now >= nanos) return;
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

  private static void report(ArrayDeque<Long> late, long rejected) {
    long[] nanos = late.stream().mapToLong(Long::longValue).sorted().toArray();
    long p99 = nanos.length == 0 ? 0 : nanos[(int) Math.min(nanos.length - 1, nanos.length * 0.99)];
    System.out.printf(
        "{\"arrived\":%d,\"rejected\":%d,\"delayMsP99\":%.3f}%n",
        nanos.length + rejected, rejected, p99 / 1e6);
  }
}
