import type { JoinRequest } from '../../trust/joining.ts';
import type { MemberRequestBody } from '../../trust/requesting.ts';
import type { RequestRow } from '../store/request.ts';

/** The signing requests (PEM) that a request brought, for an outside authority; undefined where it brought none. */
export function csrsOf(row: RequestRow): { readonly tls: string; readonly sign: string } | undefined {
  if (row.kind === 'renew') {
    const { tlsCsr, signCsr } = row.payload as MemberRequestBody<'renew'>;
    return { tls: tlsCsr, sign: signCsr };
  }
  if (row.kind !== 'join') return undefined;
  const { join } = row.payload as { readonly join: Omit<JoinRequest, 'token'> };
  return { tls: join.tlsCsr, sign: join.signCsr };
}
