// Packs the repository as npm would publish it and has publint and attw look at the very same tarball.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const isWindows = process.platform === 'win32'
const folder = mkdtempSync(join(tmpdir(), 'tokenwright-pack-'))

/** Runs a command of node_modules/.bin and remembers in the exit code that it failed. */
function run(command: string, ...args: string[]): void {
  const { status } = spawnSync(command, args, { stdio: 'inherit', shell: isWindows })
  if (status !== 0) process.exitCode = 1
}

try {
  // The caller has built dist/; without --ignore-scripts npm would build it again.
  execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], {
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: isWindows,
  })
  const tarball = join(folder, readdirSync(folder)[0] ?? 'no tarball')
  run('publint', 'run', tarball, '--strict')
  run('attw', tarball, '--profile', 'esm-only', '--format', 'table-flipped')
} finally {
  rmSync(folder, { recursive: true, force: true })
}
