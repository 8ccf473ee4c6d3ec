import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../src/platform/index.ts';

const DEPLOY = join(ROOT, 'deploy');
const UNITS = readdirSync(join(DEPLOY, 'systemd'));

for (const name of UNITS) {
  const unit = readFileSync(join(DEPLOY, 'systemd', name), 'utf8');

  test(`${name} starts a command that is there, with options that it knows`, () => {
    const [, command = '', options = ''] = /^ExecStart=\/opt\/wasl\/wasl (\w+)(.*)$/m.exec(unit) ?? [];
    // What serves stands beside its words, where a command has words.
    const files = [`${command}.ts`, `${command}-serve.ts`].map((name) => join(ROOT, 'src', 'main', 'commands', name));
    const source = files
      .filter(existsSync)
      .map((file) => readFileSync(file, 'utf8'))
      .join('\n');
    for (const [, option = ''] of options.matchAll(/--([a-z-]+)/g)) {
      assert.match(source, new RegExp(`'?${option}'?: \\{ type`), `--${option}`);
    }
  });

  const known = spawnSync('systemd-analyze', ['--version']).status === 0;
  test(`${name} is a unit to systemd`, { skip: known ? false : 'systemd-analyze is not installed' }, () => {
    const path = join(DEPLOY, 'systemd', name.replace('@.', '@land.'));
    const done = spawnSync('systemd-analyze', ['verify', '--man=no', path], { encoding: 'utf8' });
    const said = done.stderr
      .split('\n')
      .filter((line) => line.includes(name.split('.')[0] ?? '') && !/not executable|No such file/.test(line));
    assert.deepEqual(said, []);
  });
}

test('the image copies what is there', () => {
  const file = readFileSync(join(DEPLOY, 'Containerfile'), 'utf8');
  const copied = [...file.matchAll(/^COPY (?!--from)(.+) \.\S*$/gm)].flatMap(([, from = '']) => from.split(' '));
  assert.ok(copied.includes('src'));
  for (const path of copied) assert.ok(existsSync(join(ROOT, path)), path);
});

test('what the image copies is enough to make the program', () => {
  const file = readFileSync(join(DEPLOY, 'Containerfile'), 'utf8');
  const last = file.slice(file.lastIndexOf('\nFROM '));
  const image = mkdtempSync(join(tmpdir(), 'wasl-image-'));
  try {
    for (const [, from = ''] of last.matchAll(/^COPY (?!--from)(\S+) \.\S*$/gm))
      cpSync(join(ROOT, from), join(image, from), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(image, 'node_modules'));
    const node = ['--disable-warning=ExperimentalWarning'];
    const build = [...node, 'src/main/cli.ts', 'build'];
    const built = spawnSync(process.execPath, build, { cwd: image, encoding: 'utf8' });
    assert.equal(built.status, 0, built.stderr);
    const help = spawnSync(process.execPath, [...node, '.tools/program/cli.mjs', 'help'], {
      cwd: image,
      encoding: 'utf8',
    });
    assert.equal(help.status, 0, help.stderr);
    assert.match(help.stdout, /wasl gateway/);
  } finally {
    rmSync(image, { recursive: true, force: true });
  }
});
