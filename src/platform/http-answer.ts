import type { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

/** What a route gives back; the server turns it into a response. */
export type Answer =
  | { kind: 'html'; status?: number; body: string; headers?: Record<string, string | string[]> }
  | { kind: 'json'; status?: number; body: unknown; contentType?: string; headers?: Record<string, string | string[]> }
  | {
      kind: 'bytes';
      contentType: string;
      body: Uint8Array;
      fileName?: string;
      inline?: boolean;
      headers?: Record<string, string | string[]>;
    }
  /** As it is read, with its length; a fault on the way cuts the transfer, so that nobody takes a half for the whole. */
  | {
      kind: 'stream';
      contentType: string;
      body: Readable;
      size: number;
      fileName: string;
      headers?: Record<string, string | string[]>;
    }
  | { kind: 'text'; status?: number; body: string; contentType?: string; headers?: Record<string, string | string[]> }
  | { kind: 'redirect'; to: string; headers?: Record<string, string | string[]> };

const PLAIN = 'text/plain; charset=utf-8';

export function sendAnswer(reply: FastifyReply, answer: Answer): FastifyReply {
  reply.headers(answer.headers ?? {});
  if (isHeldAlready(reply, answer)) return reply.status(304).send();
  switch (answer.kind) {
    case 'html':
      // A page of one person must not be kept by a shared cache, nor shown by "back" after signing out.
      if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'private, no-cache');
      return reply
        .status(answer.status ?? 200)
        .type('text/html; charset=utf-8')
        .send(answer.body);
    case 'json':
      return reply
        .status(answer.status ?? 200)
        .type(answer.contentType ?? 'application/json; charset=utf-8')
        .send(JSON.stringify(answer.body));
    case 'text':
      return reply
        .status(answer.status ?? 200)
        .type(answer.contentType ?? PLAIN)
        .send(answer.body);
    case 'redirect':
      return reply.redirect(answer.to, 303);
    case 'stream':
      reply.header('content-disposition', disposition(answer)).header('content-length', answer.size);
      reply.header('cache-control', 'no-store');
      return reply.type(answer.contentType).send(answer.body);
    case 'bytes': {
      if (answer.fileName !== undefined) reply.header('content-disposition', disposition(answer));
      const { buffer, byteOffset, byteLength } = answer.body;
      return reply.type(answer.contentType).send(Buffer.from(buffer, byteOffset, byteLength));
    }
  }
}

/** RFC 9110 section 13.1.2: who has what we would send is told so. Tags are compared weakly. */
function isHeldAlready({ request }: FastifyReply, answer: Answer): boolean {
  const { etag } = answer.headers ?? {};
  const asked = request.headers['if-none-match'];
  const isGood = !('status' in answer) || answer.status === undefined || answer.status === 200;
  if (typeof etag !== 'string' || asked === undefined || !isGood) return false;
  if (request.method !== 'GET' && request.method !== 'HEAD') return false;
  const tags: readonly string[] = asked.match(/"[^"]*"/g) ?? [];
  return asked.trim() === '*' || tags.includes(etag.replace(/^W\//, ''));
}

/** RFC 6266, with the name in RFC 8187 form so that Arabic survives. */
function disposition(answer: { fileName?: string; inline?: boolean }): string {
  const name = answer.fileName ?? 'file';
  const plain = name.replace(/[^A-Za-z0-9._-]/g, '_');
  return `${answer.inline === true ? 'inline' : 'attachment'}; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name)}`;
}

/** One Set-Cookie value: HttpOnly, SameSite=Lax, and Secure where the portal is served over TLS. */
export function setCookie(
  name: string,
  value: string,
  options: { maxAgeSeconds: number; path?: string; secure: boolean },
): string {
  const secure = options.secure ? '; Secure' : '';
  return `${name}=${value}; Path=${options.path ?? '/'}; Max-Age=${options.maxAgeSeconds}; HttpOnly; SameSite=Lax${secure}`;
}
