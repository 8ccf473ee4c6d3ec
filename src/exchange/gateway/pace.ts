import type { IncomingMessage } from 'node:http';

/** Slower than this for longer than one is patient is an attack, or a line that serves nobody. */
const BYTES_A_SECOND = 16_384;

/**
 * A body that comes by drops holds a connection and a place among the messages under way. `tooSlow` is called once, where
 * less came in some stretch of patience than could be expected.
 */
export function watchSender(request: IncomingMessage, patienceMs: number, tooSlow: () => void): void {
  if (request.complete) return;
  const due = (patienceMs / 1_000) * BYTES_A_SECOND;
  let before = request.socket.bytesRead;
  const watch = setInterval(() => {
    const now = request.socket.bytesRead;
    // A body that waits for us to read it is not the sender's fault.
    if (request.complete || request.destroyed) clearInterval(watch);
    else if (now - before < due && request.readableLength === 0) {
      clearInterval(watch);
      tooSlow();
    }
    before = now;
  }, patienceMs);
  watch.unref();
  request.once('close', () => clearInterval(watch));
}
