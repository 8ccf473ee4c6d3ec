import { Agent, request } from 'undici';
import { err, ok, type Result } from '../../kernel/index.ts';
import { AddressRefused, guardedConnect } from '../address/connect.ts';
import type { Networks } from '../address/networks.ts';
import type { AnswerRefusal } from './query.ts';

/** From the first byte sent to the last one read. */
const TIMEOUT_MS = 15_000;
/** Tokens have 1 to 6 KB. */
const MOST_ANSWER = 65_536;

export type AuthorityClient = {
  /** One query over HTTP (RFC 3161 section 3.4). */
  ask(url: string, query: Uint8Array): Promise<Result<Buffer, AnswerRefusal>>;
  close(): Promise<void>;
};

/**
 * The authority's address is the registry's word, and the registry is not to make a member's gateway speak to that
 * member's neighbours: connections go where services' may go. No redirect is followed.
 */
export function openAuthorityClient(networks: () => Networks, timeoutMs: number = TIMEOUT_MS): AuthorityClient {
  // One query in ten minutes: a connection that was kept would be closed by the authority just when it is used again.
  const agent = new Agent({ connections: 2, pipelining: 0, connect: guardedConnect(networks, { timeout: timeoutMs }) });
  return {
    ask: (url, query) => ask(agent, url, query, timeoutMs),
    close: () => agent.destroy(),
  };
}

async function ask(
  agent: Agent,
  url: string,
  query: Uint8Array,
  timeoutMs: number,
): Promise<Result<Buffer, AnswerRefusal>> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const { statusCode, body } = await request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' },
      body: Buffer.from(query),
      dispatcher: agent,
      signal,
    });
    if (statusCode !== 200) {
      await body.dump({ limit: MOST_ANSWER }).catch(() => {});
      return refuse(`it answered ${statusCode}`);
    }
    const parts: Buffer[] = [];
    let bytes = 0;
    for await (const part of body as AsyncIterable<Buffer>) {
      bytes += part.length;
      // Leaving the loop ends the connection.
      if (bytes > MOST_ANSWER) return refuse(`its answer has more than ${MOST_ANSWER} bytes`);
      parts.push(part);
    }
    return ok(Buffer.concat(parts));
  } catch (cause) {
    if (signal.aborted) return refuse(`it did not answer within ${timeoutMs / 1000} s`);
    if (cause instanceof AddressRefused) return refuse(cause.message);
    return refuse(`it cannot be reached: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

function refuse(detail: string): Result<never, AnswerRefusal> {
  return err({ kind: 'answer', detail });
}
