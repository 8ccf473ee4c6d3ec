import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Operators } from '../../exchange/index.ts';
import { notFound, unauthenticated } from '../../kernel/index.ts';
import { createHttpServer, type Log } from '../../platform/index.ts';
import { exportKeptLog, type KeptLog, verifyKeptLog } from './logs-kept.ts';
import { writeRunning } from './running.ts';
import type { Storage } from './storage.ts';
import { timestampsOfLog } from './timestamps-kept.ts';

export type ControlDeps = {
  readonly dir: string;
  readonly storage: Storage;
  readonly logs: readonly KeptLog[];
  readonly token: string;
  readonly log: Log;
  /** Undefined where no gateway here knows the exchange. */
  exportEvidence(exchange: string): Promise<Buffer | undefined>;
  /** The houses of this process whose operators the command line may add, by name. */
  readonly operators?: Readonly<Record<string, Pick<Operators, 'add'>>>;
  /** Beside the common calls, those of one kind of process. */
  readonly mount?: (server: FastifyInstance) => void;
};

/**
 * The loopback door by which commands reach a running process: the data folder is locked, so `./wasl ledger` and
 * `./wasl evidence` ask the one who holds it. The token is in a file that only the owner reads.
 */
export async function openControl(deps: ControlDeps): Promise<{ close(): Promise<void> }> {
  const server = await createHttpServer({ log: deps.log, baseUrl: () => 'https://wasl.example', limitRates: false });
  server.get('/health/live', async () => ({ status: 'ok' }));
  server.register(async (control) => {
    control.addHook('onRequest', async (request) => authenticate(request, deps.token));
    control.get<{ Params: { id: string } }>('/evidence/:id', async (request, reply) => {
      const file = await deps.exportEvidence(request.params.id);
      if (file === undefined) throw notFound('No gateway here knows an answered exchange of this id.');
      return reply.type('application/json').send(file);
    });
    control.get<{ Params: { log: string } }>('/ledger/:log/verify', async (request) =>
      verifyKeptLog(deps.storage, logOf(deps, request)),
    );
    control.get<{ Params: { log: string }; Querystring: { size?: string } }>(
      '/ledger/:log/timestamps',
      async (request) => {
        const { size } = request.query;
        return timestampsOfLog(deps.storage, logOf(deps, request), size === undefined ? undefined : Number(size));
      },
    );
    control.post<{ Params: { log: string }; Body: { dir: string } }>('/ledger/:log/export', async (request) =>
      exportKeptLog(deps.storage, logOf(deps, request), request.body.dir),
    );
    control.post<{ Body: { at?: string; name?: unknown; roles?: unknown } }>('/operators', async (request) =>
      operatorsAt(deps, request.body.at).add({ name: request.body.name, roles: request.body.roles }),
    );
    deps.mount?.(control);
  });
  const controlUrl = await server.listen({ host: '127.0.0.1', port: 0 });
  await writeRunning(deps.dir, { pid: process.pid, controlUrl, token: deps.token });
  return { close: () => server.close() };
}

function operatorsAt({ operators = {} }: ControlDeps, at: string | undefined): Pick<Operators, 'add'> {
  const names = Object.keys(operators);
  const name = at ?? (names.length === 1 ? names[0] : undefined);
  const found = name !== undefined && Object.hasOwn(operators, name) ? operators[name] : undefined;
  if (found === undefined) throw notFound(`Say which with --at: ${names.join(', ')}.`);
  return found;
}

function logOf(deps: ControlDeps, request: { readonly params: { readonly log: string } }): KeptLog {
  const found = deps.logs.find((log) => log.name === request.params.log);
  if (found === undefined) throw notFound(`There is no log "${request.params.log}" here.`);
  return found;
}

function authenticate(request: FastifyRequest, token: string): void {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const given = /^Bearer (\S{1,200})$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  if (!timingSafeEqual(digest(given), digest(token)))
    throw unauthenticated('This door is for the commands of this data folder.');
}
