import { createHmac, hash, type KeyObject } from 'node:crypto';
import { canonicalJson, type Json } from '../../kernel/index.ts';
import type { PublishedEvent } from '../events/model.ts';
import { decodeSignature } from '../message/signature.ts';
import type { MessageRecord } from './model.ts';

/**
 * The public leaf of a message. It says that an exchange of this kind took place and commits to what was signed
 * without showing it: the salt keeps anyone from guessing a person's number out of the digest.
 */
export function ledgerEntry(record: MessageRecord): Buffer {
  const entry: Record<string, Json> = {
    v: 1,
    kind: record.kind,
    exchange: record.exchange,
    at: record.at.toISOString(),
    client: record.client,
    service: record.service,
    commitment: commitment(record),
  };
  if (record.agreement !== null) entry['agreement'] = record.agreement;
  if (record.purpose !== null) entry['purpose'] = record.purpose;
  if (record.status !== null) entry['status'] = record.status;
  if (record.fault !== null) entry['fault'] = record.fault;
  return Buffer.from(canonicalJson(entry));
}

/** The public leaf of an event: that one of this type was published, and a commitment to it. */
export function eventEntry(event: PublishedEvent): Buffer {
  const { service, at, salt, body } = event;
  const digest = hash('sha256', Buffer.concat([salt, Buffer.from(body)]), 'base64url');
  return Buffer.from(canonicalJson({ v: 1, kind: 'event', at: at.toISOString(), service, commitment: digest }));
}

/** base64url(SHA-256(salt ‖ signature base ‖ LF ‖ raw signature)). */
export function commitment(record: Pick<MessageRecord, 'salt' | 'base' | 'signature'>): string {
  const bytes = decodeSignature(record.signature) ?? Buffer.alloc(0);
  return hash('sha256', Buffer.concat([record.salt, Buffer.from(`${record.base}\n`), bytes]), 'base64url');
}

/** A person's number under this gateway's own key: comparable here, worthless elsewhere. */
export function subjectHash(subject: string | undefined, key: KeyObject): Buffer | null {
  return subject === undefined ? null : createHmac('sha256', key).update(subject.trim().toUpperCase()).digest();
}
