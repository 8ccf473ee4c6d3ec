import { randomBytes } from 'node:crypto';
import { issueToken } from '../../exchange/index.ts';
import { configFrom, readOptions } from '../options.ts';
import { askRunning } from '../parts/ask-running.ts';
import { openControl } from '../parts/control.ts';
import { type KeptLog, writeKeptLogs } from '../parts/logs-kept.ts';
import { holdFolder, processLog, untilStopped } from '../parts/process.ts';
import { startRegistry } from '../parts/registry-part.ts';
import { findRunning, removeRunning } from '../parts/running.ts';
import { openStorage } from '../parts/storage.ts';
import { CommandRefusal, print } from '../terminal.ts';
import { operatorCommand } from './operator.ts';
import { DIRECTORY_ACTS, registryDirectoryCommand } from './registry-directory.ts';
import { registryRequestCommand } from './registry-request.ts';

const OPTIONS = {
  data: { type: 'string' },
  port: { type: 'string' },
  host: { type: 'string' },
  'database-url': { type: 'string' },
  'log-level': { type: 'string' },
} as const;

/** `./wasl registry` runs it; `./wasl registry token …` asks the running one for a join token. */
export async function registryCommand(args: readonly string[]): Promise<number> {
  if (args[0] === 'token') return tokenCommand(args.slice(1));
  if (args[0] === 'request') return registryRequestCommand(args.slice(1));
  if (args[0] === 'operator') return operatorCommand('registry', args.slice(1));
  const [act = ''] = args;
  if (DIRECTORY_ACTS.includes(act)) return registryDirectoryCommand(act, args.slice(1));
  return runRegistry(args);
}

async function runRegistry(args: readonly string[]): Promise<number> {
  const { values } = readOptions('registry', args, { ...OPTIONS, instance: { type: 'string' } });
  const config = configFrom({ ...values, instance: undefined });
  const release = holdFolder(config.data, 'registry');
  const storage = await openStorage({ databaseUrl: config.databaseUrl, dir: config.data });
  const log = processLog(config.logLevel);
  const instance = typeof values['instance'] === 'string' ? values['instance'] : 'MA';
  const part = await startRegistry({ storage, dir: config.data, instance, host: config.host, port: config.port, log });
  const kept: KeptLog = { ...part.ledger, schema: 'registry' };
  await writeKeptLogs(config.data, [kept]);
  const control = await openControl({
    dir: config.data,
    storage,
    logs: [kept],
    token: randomBytes(24).toString('base64url'),
    log,
    exportEvidence: async () => undefined,
    operators: { registry: part.operators },
    mount: (server) => {
      server.get('/registry', async () => ({ url: part.url, operatorToken: part.operatorToken }));
      server.post('/tokens', async (request) => ({ token: await issueToken(part.registry, request.body, new Date()) }));
    },
  });
  print(`registry ready: ${part.url}`);
  return untilStopped(async () => {
    await control.close();
    await removeRunning(config.data);
    await part.close();
    await storage.close();
    release();
  });
}

async function tokenCommand(args: readonly string[]): Promise<number> {
  const { values } = readOptions('registry', args, {
    ...OPTIONS,
    member: { type: 'string' },
    server: { type: 'string' },
    subsystem: { type: 'string' },
    'name-ar': { type: 'string' },
    'name-fr': { type: 'string' },
    approval: { type: 'string' },
  });
  const { data } = configFrom({ data: values['data'] });
  const running = await findRunning(data);
  if (running === undefined)
    throw new CommandRefusal(`no registry runs on ${data}; start it with ./wasl registry --data ${data}`);
  const answer = await askRunning(running, '/tokens', admissionFrom(values));
  const body = (await answer.json()) as { token?: string; detail?: string };
  if (body.token === undefined) throw new CommandRefusal(`the registry made no token: ${body.detail ?? answer.status}`);
  print(body.token);
  return 0;
}

function admissionFrom(values: Readonly<Record<string, string | boolean | undefined>>): object {
  const need = (name: string): string => {
    const value = values[name];
    if (typeof value !== 'string' || value === '')
      throw new CommandRefusal(`--${name} is needed; see ./wasl help registry`, 2);
    return value;
  };
  const name = { ar: need('name-ar'), fr: need('name-fr') };
  return {
    member: { id: need('member'), name },
    server: typeof values['server'] === 'string' ? values['server'] : 'gw1',
    ...(values['approval'] === undefined ? {} : { approval: values['approval'] }),
    subsystems: need('subsystem')
      .split(',')
      .map((code) => ({ code, name })),
  };
}
