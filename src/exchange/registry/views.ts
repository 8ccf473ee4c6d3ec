import type { TrustAnchor } from '../trust/anchor.ts';
import type { RevocationReason } from '../trust/list-parts.ts';
import type { ListedService } from '../trust/listing.ts';
import type { FederationFilter } from './federation.ts';

/** What stores give and pages show. */

export type GatewayView = {
  readonly server: string;
  readonly memberId: string;
  readonly address: string;
  readonly ledger: { readonly name: string; readonly vkey: string };
  readonly joinedAt: Date;
  readonly expiresAt: Date;
};

export type TokenView = {
  readonly server: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  readonly usedAt: Date | null;
  readonly approval: 'auto' | 'wait';
};

export type CertificateView = {
  readonly id: string;
  readonly server: string;
  readonly use: 'tls' | 'sign';
  readonly serial: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly supersededAt: Date | null;
  readonly revokedAt: Date | null;
  readonly reason: RevocationReason | null;
};

export type FederationRow = {
  readonly instance: string;
  readonly url: string;
  readonly anchor: TrustAnchor;
  readonly filter: FederationFilter;
  readonly listVersion: number | null;
  readonly listJws: string | null;
  readonly fetchedAt: Date | null;
  /** Why the latest look at the other registry gave nothing. */
  readonly problem: string | null;
};

const REQUEST_KINDS = ['join', 'subsystem', 'gateway', 'renew', 'leave'] as const;

export type RequestKind = (typeof REQUEST_KINDS)[number];

export type RequestState = 'waiting' | 'approved' | 'refused';

/** A service as the catalogue shows it; its description's text is read by itself, since it may be long. */
export type ServiceHead = Omit<ListedService, 'text' | 'contentType'> & {
  readonly server: string;
  readonly listedAt: string;
  readonly isDescribed: boolean;
};
