import type { FastifyRequest } from 'fastify';
import { malformed } from '../kernel/index.ts';

export type UploadedFile = { readonly fileName: string; readonly contentType: string; readonly bytes: Buffer };

export type PostedForm = {
  readonly fields: Readonly<Record<string, string | string[]>>;
  readonly files: Readonly<Record<string, readonly UploadedFile[]>>;
};

/** Files already read by the body parser, kept beside the request that brought them. */
const uploads = new WeakMap<FastifyRequest, Record<string, UploadedFile[]>>();

export function rememberUploads(request: FastifyRequest, files: Record<string, UploadedFile[]>): void {
  uploads.set(request, files);
}

/** The fields and files of a posted form, urlencoded or multipart. Names and values come from outside. */
export function formOf(request: FastifyRequest): PostedForm {
  const body = request.body;
  if (body === undefined || body === null) return { fields: {}, files: {} };
  if (typeof body !== 'object' || Array.isArray(body)) throw malformed('A form was expected in the body.');
  const fields: Record<string, string | string[]> = Object.create(null);
  for (const [name, value] of Object.entries(body)) {
    if (typeof value === 'string') fields[name] = value;
    else if (Array.isArray(value)) fields[name] = value.filter((item) => typeof item === 'string');
  }
  return { fields, files: uploads.get(request) ?? {} };
}

export function cookieOf(request: FastifyRequest, name: string): string | undefined {
  const header = request.headers.cookie;
  if (header === undefined) return undefined;
  for (const pair of header.split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}
