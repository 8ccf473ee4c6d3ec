import { freePorts as freePortsOf, tryPort } from '../../src/main/parts/ports.ts';

/** Different ones, free a moment ago, and none that Linux hands out to whoever connects. */
export function freePorts(count: number): Promise<readonly number[]> {
  return freePortsOf('127.0.0.1', count);
}

export async function freePort(): Promise<number> {
  const [port = 0] = await freePorts(1);
  return port;
}

export async function areFree(ports: readonly number[]): Promise<boolean> {
  const failures = await Promise.all(ports.map((port) => tryPort('127.0.0.1', port)));
  return failures.every((one) => one === undefined);
}
