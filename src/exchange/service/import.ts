import { invalid } from '../../kernel/index.ts';
import type { GatewayCore } from '../gateway/extension.ts';
import type { ServiceEntry } from '../gateway/model.ts';
import { readService } from '../gateway/operator.ts';
import { putDescription } from '../gateway/store.ts';
import type { Acting } from '../operators/audit.ts';
import { fetchDescription } from './fetch.ts';
import { parseOpenApi, type ServiceDescription } from './openapi.ts';
import { descriptionProblem } from './problems.ts';

export type ServiceImport = {
  /** The description itself, or the address that it is fetched from. */
  readonly text?: string | undefined;
  readonly from?: string | undefined;
  /** Where the service answers. */
  readonly url: string;
  /** Needed where the gateway serves more than one. */
  readonly subsystem?: string | undefined;
  /** Made of the description's title unless told. */
  readonly code?: string | undefined;
  readonly timeoutMs?: number | undefined;
};

export type ImportedService = { readonly entry: ServiceEntry; readonly isNew: boolean };

/**
 * Adds a service by its OpenAPI description, or brings a service that is there up to date: entry and description in
 * one transaction with their audit entry. One that was switched off stays off. Throws a Problem (422) with the field.
 */
export async function importService(
  { context, rights }: GatewayCore,
  given: ServiceImport,
  acting: Acting,
): Promise<ImportedService> {
  const description = readDescription(
    given.text ?? (await fetchDescription(requiredUrl(given.from, '/from'), context.networks)),
  );
  const service = `${subsystemOf(given, context.subsystems)}/${given.code ?? codeOf(description)}`;
  const held = rights.current().services.get(service);
  const body = {
    service,
    url: given.url,
    timeoutMs: given.timeoutMs ?? held?.timeoutMs ?? 60_000,
    enabled: held?.enabled ?? true,
    notice: held?.notice ?? '',
  };
  const entry = readService({ body }, context);
  await rights.addService(entry, async (tx) => {
    await putDescription(tx, entry.service, description);
    await acting.record(tx, entry.service, { ...entry, title: description.title });
  });
  return { entry: { ...entry, description }, isNew: held === undefined };
}

export function requiredUrl(url: string | undefined, field: string): string {
  if (url !== undefined) return url;
  throw invalid('The body is not acceptable.', [
    { field: '/text', message: `text or ${field.slice(1)} must be there` },
  ]);
}

export function readDescription(text: string): ServiceDescription {
  const read = parseOpenApi(text);
  if (read.ok) return read.value;
  throw descriptionProblem(read.error);
}

function subsystemOf({ subsystem }: ServiceImport, own: ReadonlySet<string>): string {
  const all = [...own];
  const found =
    subsystem === undefined && all.length === 1
      ? all[0]
      : all.find((one) => one === subsystem || one.split('/')[3] === subsystem);
  if (found !== undefined) return found;
  throw invalid('The service is not acceptable.', [
    { field: '/subsystem', message: `must be one of this gateway’s: ${all.join(', ')}` },
  ]);
}

/** `Register of persons (v2)` becomes `register-of-persons-v2`. A title without Latin letters gives no code. */
function codeOf({ title }: ServiceDescription): string {
  const code = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 64);
  if (code !== '') return code;
  throw invalid('The service is not acceptable.', [
    { field: '/code', message: 'is needed: the description’s title has no Latin letters to make one of' },
  ]);
}
