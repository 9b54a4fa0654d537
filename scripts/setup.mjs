/**
 * Set-up of a fresh Debian machine, run by every command of the README: system packages (scripts/system-packages.json), npm
 * packages, the built window. Runs with whatever Node the machine has; does nothing that is done already. Without root and with
 * packages missing it prints the exact line to run, and stops.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const at = (...parts) => join(root, ...parts);

function run(program, args, what, variables = {}) {
  process.stderr.write(`set-up: ${what}\n`);
  const done = spawnSync(program, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', ...variables },
  });
  if (done.status === 0) return;
  process.stderr.write(`set-up: ${program} ${args.join(' ')} failed${done.error ? ` (${done.error.message})` : ''}\n`);
  process.exit(1);
}

function missingPackages() {
  const names = Object.keys(JSON.parse(readFileSync(at('scripts', 'system-packages.json'), 'utf8')));
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query's own format
  const format = '${Package} ${db:Status-Status}\n';
  const asked = spawnSync('dpkg-query', ['-W', '-f', format, ...names], {
    encoding: 'utf8',
  });
  if (asked.error) {
    process.stderr.write(`set-up: this is no Debian system; install what stands for: ${names.join(' ')}\n`);
    return [];
  }
  const installed = new Set(
    asked.stdout
      .split('\n')
      .filter((line) => line.endsWith(' installed'))
      .map((line) => line.split(' ')[0]),
  );
  return names.filter((name) => !installed.has(name));
}

function installSystemPackages() {
  const missing = missingPackages();
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0) {
    process.stderr.write(`set-up: these Debian packages are missing; run this line, then the command again:\n\n`);
    process.stderr.write(`  sudo apt-get install -y --no-install-recommends ${missing.join(' ')}\n\n`);
    process.exit(1);
  }
  run('apt-get', ['-qq', 'update'], 'reading Debian’s package lists');
  run('apt-get', ['-qq', 'install', '-y', '--no-install-recommends', ...missing], `installing ${missing.join(' ')}`);
}

/** True where the stamp says that the work was done for just these inputs. */
function isDone(stamp, key) {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === key;
}

/**
 * Where node-gyp finds Node's headers: those of the machine's own Node, where it has them, so that nothing is downloaded. The two
 * packages built from source speak Node-API alone, which is the same in every version.
 */
function headers() {
  const prefix = join(dirname(realpathSync(process.execPath)), '..');
  return existsSync(join(prefix, 'include', 'node', 'node_api.h')) ? { npm_config_nodedir: prefix } : {};
}

function installNpmPackages() {
  const key = createHash('sha256')
    .update(readFileSync(at('package-lock.json')))
    .digest('hex');
  const stamp = at('node_modules', '.countersign-lock');
  if (isDone(stamp, key) && existsSync(at('node_modules', 'node', 'bin'))) return;
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], 'installing npm packages', headers());
  writeFileSync(stamp, key);
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((path) => /\.(ts|tsx|css|html|json)$/.test(path) && statSync(path).isFile())
    .sort();
}

function build() {
  const hash = createHash('sha256');
  const inputs = ['main', 'native', 'preload', 'renderer'].flatMap((folder) => filesBelow(at(folder)));
  for (const path of [...inputs, at('electron.vite.config.ts'), at('package-lock.json')])
    hash.update(path).update(readFileSync(path));
  const key = hash.digest('hex');
  const stamp = at('out', '.stamp');
  if (isDone(stamp, key)) return;
  run(
    at('node_modules', 'node', 'bin', 'node'),
    [at('node_modules', 'electron-vite', 'bin', 'electron-vite.js'), 'build', '--logLevel', 'warn'],
    'building the window',
  );
  run(
    at('node_modules', 'node', 'bin', 'node'),
    ['--no-warnings', at('scripts', 'warm.ts')],
    'compiling the command line',
    {
      NODE_COMPILE_CACHE: at('node_modules', '.cache', 'countersign'),
    },
  );
  writeFileSync(stamp, key);
}

installSystemPackages();
installNpmPackages();
if (!process.argv.includes('--no-build')) build();
