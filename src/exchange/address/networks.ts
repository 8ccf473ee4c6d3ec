import { BlockList, isIP } from 'node:net';
import { err, ok, type Result } from '../../kernel/index.ts';

/**
 * Which addresses a gateway connects to on somebody's word (a service's or a webhook's URL, a description to fetch).
 * Everything that is not the public internet is refused unless its network was allowed by the operator: a URL must
 * not make the gateway speak to its own neighbours (SSRF). The ranges are IANA's special-purpose registries
 * (RFC 6890 and its successors).
 */
export type Networks = { allows(address: string): boolean };

const SPECIAL_4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const;

// Only global unicast is public; of it, documentation, benchmarking, 6to4 and Teredo are not.
const SPECIAL_6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const;

const special = blockList(SPECIAL_4, 'ipv4', blockList(SPECIAL_6, 'ipv6'));
const globalUnicast = blockList([['2000::', 3]], 'ipv6');

function blockList(
  ranges: readonly (readonly [string, number])[],
  family: 'ipv4' | 'ipv6',
  list: BlockList = new BlockList(),
): BlockList {
  for (const [net, prefix] of ranges) list.addSubnet(net, prefix, family);
  return list;
}

/** `allowed`: networks as `10.1.0.0/16` or `fd00::/8`, or single addresses. */
export function parseNetworks(allowed: readonly string[]): Result<Networks, string> {
  const list = new BlockList();
  for (const text of allowed) {
    const [net = '', prefix] = text.split('/');
    const family = isIP(net);
    const bits = prefix === undefined ? (family === 4 ? 32 : 128) : Number(prefix);
    if (family === 0 || !/^\d{0,3}$/.test(prefix ?? '') || bits > (family === 4 ? 32 : 128) || prefix === '') {
      return err(`"${text}" is not a network such as 10.1.0.0/16`);
    }
    list.addSubnet(net, bits, family === 4 ? 'ipv4' : 'ipv6');
  }
  return ok({ allows: (address) => isPublic(address) || isIn(list, address) });
}

function isPublic(address: string): boolean {
  const plain = unmapped(address);
  const family = isIP(plain);
  if (family === 4) return !special.check(plain, 'ipv4');
  return family === 6 && globalUnicast.check(plain, 'ipv6') && !special.check(plain, 'ipv6');
}

function isIn(list: BlockList, address: string): boolean {
  const plain = unmapped(address);
  const family = isIP(plain);
  return family !== 0 && list.check(plain, family === 4 ? 'ipv4' : 'ipv6');
}

/** An IPv4 address inside an IPv6 one is judged as what it reaches. `URL` writes it in hexadecimal. */
function unmapped(address: string): string {
  const bare = address.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  const dotted = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1];
  if (dotted !== undefined) return dotted;
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(bare) ?? [];
  if (high === undefined || low === undefined) return bare;
  const [a, b] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [a >> 8, a & 255, b >> 8, b & 255].join('.');
}

/**
 * The address that a URL's host is, undefined where it is a name that must be looked up. `URL` has already turned the
 * decimal, octal and hexadecimal spellings into this one.
 */
export function literalAddress(host: string): string | undefined {
  const bare = host.replace(/^\[|\]$/g, '');
  return isIP(bare) === 0 ? undefined : bare;
}
