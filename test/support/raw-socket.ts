import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';

export type RawAnswer = {
  /** All that came, as bytes of one character each. */
  readonly text: string;
  /** Of each answer on the connection. */
  readonly statuses: readonly number[];
};

/**
 * Writes bytes on a connection of their own and reads what comes until it is closed, or nothing came for `quietMs`.
 * Never rejects: a connection that is cut has answered nothing.
 */
export function talk(
  target: { readonly url: string; readonly tls?: { readonly key: string; readonly cert: string } },
  pieces: readonly (string | Buffer)[],
  options: { quietMs?: number; pauseMs?: number } = {},
): Promise<RawAnswer> {
  const { hostname, port, protocol } = new URL(target.url);
  const { quietMs = 3_000, pauseMs = 0 } = options;
  const where = { host: hostname, port: Number(port) };
  return new Promise((resolve) => {
    let text = '';
    const done = () => {
      socket.destroy();
      const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => Number(match[1]));
      resolve({ text, statuses });
    };
    const socket =
      protocol === 'https:' ? connectTls({ ...where, rejectUnauthorized: false, ...target.tls }) : connectTcp(where);
    socket.setTimeout(quietMs, done);
    socket.on('error', () => {});
    socket.on('close', done);
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
    });
    socket.on(protocol === 'https:' ? 'secureConnect' : 'connect', async () => {
      for (const piece of pieces) {
        if (socket.destroyed) return;
        socket.write(piece);
        if (pauseMs > 0) await new Promise((next) => setTimeout(next, pauseMs));
      }
    });
  });
}
