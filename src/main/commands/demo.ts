import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { playJourney } from '../demo/journey.ts';
import { configFrom, readOptions } from '../options.ts';
import { openWasl } from '../parts/wasl.ts';
import { CommandRefusal, print } from '../terminal.ts';

/** `./wasl demo`: the journey without a browser, a line a step; exit code 0 only if each step's result held. */
export async function demoCommand(args: readonly string[]): Promise<number> {
  const { values } = readOptions('demo', args, {
    data: { type: 'string' },
    json: { type: 'string' },
    'database-url': { type: 'string' },
    'log-level': { type: 'string' },
  });
  const { json, ...settings } = values;
  const dir =
    typeof settings['data'] === 'string' ? resolve(settings['data']) : await mkdtemp(join(tmpdir(), 'wasl-demo-'));
  if (existsSync(dir) && readdirSync(dir).length > 0)
    throw new CommandRefusal(`${dir} is not empty: the demonstration wants a fresh folder`);
  const config = configFrom({ 'log-level': 'error', ...settings, data: dir });
  const from = performance.now();
  const wasl = await openWasl({ ...config, port: 0 });
  try {
    print(`started: ${wasl.portalUrl}, database ${wasl.storage.kind}`);
    let nth = 0;
    const say = (step: string) => {
      nth += 1;
      print(`${String(nth).padStart(2)}  ${step}`);
    };
    const result = await playJourney(wasl, join(dir, 'demo'), say);
    const seconds = Math.round((performance.now() - from) / 10) / 100;
    if (typeof json === 'string') await writeFile(json, `${JSON.stringify({ ...result, seconds }, null, 2)}\n`);
    print(`all steps held, ${seconds} s; files: ${join(dir, 'demo')}`);
    return 0;
  } catch (cause) {
    throw new CommandRefusal(`the journey failed: ${cause instanceof Error ? cause.message : String(cause)}`);
  } finally {
    await wasl.close();
  }
}
