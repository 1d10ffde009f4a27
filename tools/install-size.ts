// What an install of the mock alone takes on disk: the packed repository and its dependencies, without optional peers,
// in a folder of its own. Needs the npm registry, so that no test runs it: `npm run size`.
import { execFileSync } from 'node:child_process'
import { lstatSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What files take. */
interface Size {
  /** Sum of the lengths. */
  readonly bytes: number
  /** Sum of what the file system sets aside, in whole blocks; folders count. */
  readonly diskBytes: number
}

const isWindows = process.platform === 'win32'
const folder = mkdtempSync(join(tmpdir(), 'tokenwright-size-'))

try {
  writeFileSync(join(folder, 'package.json'), '{"private":true}')
  npm(process.cwd(), 'pack', '--ignore-scripts', '--silent', '--pack-destination', folder)
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? 'no tarball'
  const omitted = ['--omit=dev', '--omit=peer', '--omit=optional']
  npm(
    folder,
    'install',
    `./${tarball}`,
    ...omitted,
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--silent',
  )
  const modules = join(folder, 'node_modules')
  const packages = readdirSync(modules).filter((name) => !name.startsWith('.'))
  for (const name of packages.sort()) print(name, sizeOf(join(modules, name)))
  print('in all', sizeOf(modules))
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function npm(cwd: string, ...args: readonly string[]): void {
  execFileSync('npm', args, { cwd, stdio: ['ignore', 'ignore', 'inherit'], shell: isWindows })
}

function sizeOf(path: string): Size {
  const stats = lstatSync(path)
  const own = { bytes: stats.isFile() ? stats.size : 0, diskBytes: (stats.blocks ?? 0) * 512 }
  if (!stats.isDirectory()) return own
  return readdirSync(path)
    .map((name) => sizeOf(join(path, name)))
    .reduce(
      (sum, each) => ({ bytes: sum.bytes + each.bytes, diskBytes: sum.diskBytes + each.diskBytes }),
      own,
    )
}

function print(name: string, { bytes, diskBytes }: Size): void {
  const megabytes = (count: number) => `${(count / 1e6).toFixed(2).padStart(6)} MB`
  process.stdout.write(`${name.padEnd(24)}${megabytes(bytes)} of bytes, ${megabytes(diskBytes)} on disk\n`)
}
