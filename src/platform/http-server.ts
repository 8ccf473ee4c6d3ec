import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import compress from '@fastify/compress';
import formbody from '@fastify/formbody';
import multipart from '@fastify/multipart';
import rateLimit from '@fastify/rate-limit';
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { malformed, notFound, Problem, tooLarge, tooMany } from '../kernel/index.ts';
import { rememberUploads, type UploadedFile } from './http-form.ts';
import type { Log } from './logs.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    routeId?: string;
  }
}

export type HttpServerOptions = {
  readonly log: Log;
  /** Where problem pages live: the `type` of RFC 9457 problems begins with it. */
  readonly baseUrl: () => string;
  /** A page for people; undefined lets the JSON problem be sent. */
  readonly problemPage?: (problem: Problem, request: FastifyRequest) => string | undefined;
  readonly bodyLimitBytes?: number;
  readonly limitRates?: boolean;
  /** Extra values for Content-Security-Policy's form-action, such as the sign-in issuer. */
  readonly formActions?: () => readonly string[];
  readonly secure?: boolean;
  /** For a whole request, by default 60 s; more where large bodies come in. */
  readonly requestTimeoutMs?: number;
  /** How long the head of a request may take to come. */
  readonly headTimeoutMs?: number;
  /** Answers what is not HTTP; by default a bare 400. */
  readonly refuseUnparsed?: (error: Error, socket: Duplex) => void;
  /** Takes a request before routing, for a path that must reach its handler raw; true when it was taken. */
  readonly intercept?: (request: IncomingMessage, response: ServerResponse) => boolean;
};

const ONE_MEBIBYTE = 1_048_576;

/** An HTTP server with our error answers, security headers, compression and limits; routes come by `mountRoutes`. */
export async function createHttpServer(options: HttpServerOptions): Promise<FastifyInstance> {
  const server = Fastify({
    bodyLimit: options.bodyLimitBytes ?? ONE_MEBIBYTE,
    logger: false,
    // An attacker chooses the path: no prototype games, no endless parameters.
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: true },
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    trustProxy: false,
    ...(options.refuseUnparsed === undefined ? {} : { clientErrorHandler: options.refuseUnparsed }),
    serverFactory: (handler) => httpServer(handler, options),
  });
  await server.register(formbody, { bodyLimit: options.bodyLimitBytes ?? ONE_MEBIBYTE });
  await server.register(multipart, {
    limits: { fileSize: 5 * ONE_MEBIBYTE, files: 6, fields: 200, fieldSize: 65_536, parts: 206 },
  });
  await server.register(compress, { threshold: 1024, encodings: ['br', 'gzip'], global: true });
  if (options.limitRates !== false) {
    await server.register(rateLimit, {
      global: false,
      errorResponseBuilder: (_request, context) =>
        tooMany('Too many requests from this address. Wait a little, then try again.', Math.ceil(context.ttl / 1000)),
    });
  }
  server.addHook('preValidation', readMultipart);
  server.addHook('onSend', securityHeaders(options));
  server.setErrorHandler((error, request, reply) => answerProblem(options, toProblem(error), request, reply, error));
  server.setNotFoundHandler((request, reply) =>
    answerProblem(options, notFound('There is no page at this address.'), request, reply),
  );
  return server;
}

/** Slow senders are let go: headers within 15 s, the whole request within 60 s, unless told otherwise. */
function httpServer(
  handler: (request: IncomingMessage, response: ServerResponse) => void,
  { intercept, requestTimeoutMs = 60_000, headTimeoutMs: headersTimeout = 15_000 }: HttpServerOptions,
) {
  return createServer(
    {
      // Node looks every 30 s unless told.
      ...{ headersTimeout, connectionsCheckingInterval: Math.min(5_000, headersTimeout) },
      ...{ requestTimeout: requestTimeoutMs, keepAliveTimeout: 20_000, maxHeaderSize: 32_768 },
    },
    (request, response) => {
      if (intercept?.(request, response) !== true) handler(request, response);
    },
  );
}

/** Multipart bodies are read whole, within the limits above, before the guard looks for the CSRF field. */
async function readMultipart(request: FastifyRequest): Promise<void> {
  if (!request.isMultipart()) return;
  const fields: Record<string, string | string[]> = Object.create(null);
  const files: Record<string, UploadedFile[]> = Object.create(null);
  for await (const part of request.parts()) {
    if (part.type === 'file') {
      const bytes = await part.toBuffer();
      if (bytes.length === 0 && part.filename === '') continue;
      const list = files[part.fieldname] ?? [];
      list.push({ fileName: part.filename, contentType: part.mimetype, bytes });
      files[part.fieldname] = list;
    } else if (typeof part.value === 'string') {
      const before = fields[part.fieldname];
      fields[part.fieldname] = before === undefined ? part.value : [before, part.value].flat();
    }
  }
  request.body = fields;
  rememberUploads(request, files);
}

function securityHeaders(options: HttpServerOptions) {
  return async (_request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const formActions = ["'self'", ...(options.formActions?.() ?? [])].join(' ');
    // A page may bring a narrower policy of its own.
    if (!reply.hasHeader('content-security-policy'))
      reply.header(
        'content-security-policy',
        `default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; script-src 'self'; form-action ${formActions}; base-uri 'none'; frame-ancestors 'none'`,
      );
    reply.header('x-content-type-options', 'nosniff');
    reply.header('referrer-policy', 'same-origin');
    reply.header('cross-origin-opener-policy', 'same-origin');
    if (options.secure === true) reply.header('strict-transport-security', 'max-age=31536000');
  };
}

/** Whatever was thrown becomes a Problem: ours as it is, Fastify's own refusals by their status, the rest a 500. */
function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const status = (error as Partial<FastifyError>).statusCode;
  const message = error instanceof Error ? error.message : String(error);
  if (status === 413) return tooLarge('The body is larger than this address accepts.');
  if (status === 415)
    return new Problem(415, 'unsupported-media-type', 'This kind of body is not read here', { detail: message });
  if (status !== undefined && status >= 400 && status < 500) return malformed(message);
  return new Problem(500, 'internal', 'An error on our side', {
    detail: 'The request was not carried out. The fault is recorded under the number in "instance".',
    cause: error,
  });
}

function answerProblem(
  options: HttpServerOptions,
  problem: Problem,
  request: FastifyRequest,
  reply: FastifyReply,
  cause?: unknown,
): FastifyReply {
  const routeId = request.routeOptions?.config?.routeId ?? 'none';
  const fields = { requestId: request.id, route: routeId, status: problem.status, problem: problem.slug };
  if (problem.status >= 500) options.log.error('http.failed', fields, problem.cause ?? cause);
  else options.log.info('http.refused', fields);
  reply.status(problem.status).headers({ ...problem.headers, 'cache-control': 'no-store' });
  const page = wantsHtml(request) ? options.problemPage?.(problem, request) : undefined;
  if (page !== undefined) return reply.type('text/html; charset=utf-8').send(page);
  const body = { ...problem.toJson(options.baseUrl()), instance: `urn:request:${request.id}` };
  return reply.type('application/problem+json').send(JSON.stringify(body));
}

/** Browsers say text/html before anything else; programs rarely say it at all. */
export function wantsHtml(request: FastifyRequest): boolean {
  return (request.headers.accept ?? '').includes('text/html');
}
