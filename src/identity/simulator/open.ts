import type { Simulator, SimulatorOptions } from './model.ts';

/**
 * Starts an OpenID provider that lets everybody sign in as anybody of `people`. Throws in production mode, before any
 * of its code is loaded.
 */
export async function openSimulator(options: SimulatorOptions): Promise<Simulator> {
  if (options.mode === 'production') {
    throw new Error(
      'the identity simulator does not start in production: it lets everybody sign in as anybody. Configure a real OpenID Connect issuer',
    );
  }
  // Loaded only here, so that a portal with a real issuer never holds the provider's code in memory.
  const { startSimulator } = await import('./server.ts');
  return startSimulator(options);
}
