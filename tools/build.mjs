// Compiles src/ and mocks/ into dist/; the old dist/ stays until the new one is complete. Declarations that no public
// entry leads to are left out: nothing could import them, and they would be a sixth of the package on disk.
// With --if-possible, for npm's `prepare`, it does nothing where TypeScript is not installed, as after
// `npm ci --omit=dev` or `--omit=optional`.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const compiler = join(root, 'node_modules/typescript/bin/tsc')

if (canCompile()) build()
else if (process.argv.includes('--if-possible'))
  console.error('dist/ is not built: TypeScript is not installed')
else {
  console.error(
    'expected TypeScript with its binary in node_modules, found none\n' +
      '  next: run `npm ci` without omitting optional or development dependencies',
  )
  process.exitCode = 2
}

function canCompile() {
  // The compiler itself is an optional dependency of the package `typescript`, one per platform.
  if (!existsSync(compiler)) return false
  return spawnSync(process.execPath, [compiler, '--version'], { stdio: 'ignore' }).status === 0
}

function build() {
  const output = join(root, `.build-${process.pid}`)
  try {
    const { status } = spawnSync(
      process.execPath,
      [compiler, '-p', 'tsconfig.build.json', '--outDir', output],
      { cwd: root, stdio: 'inherit' },
    )
    process.exitCode = status ?? 1
    if (status !== 0) return
    pruneDeclarations(output)
    rmSync(join(root, 'dist'), { recursive: true, force: true })
    renameSync(output, join(root, 'dist'))
  } finally {
    rmSync(output, { recursive: true, force: true })
  }
}

/** @param {string} output */
function pruneDeclarations(output) {
  const reached = declarationsOfEntries(output)
  for (const file of readdirSync(output, { recursive: true, encoding: 'utf8' })) {
    if (file.endsWith('.d.ts') && !reached.has(join(output, file))) rmSync(join(output, file))
  }
}

/**
 * The declarations that `exports` names, and those that they import in turn.
 * @param {string} output
 */
function declarationsOfEntries(output) {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const entries = Object.values(exports).flatMap(({ types = [] }) => types)
  const reached = new Set(entries.map((types) => join(output, types.replace('./dist/', ''))))
  for (const file of reached) {
    for (const [, target = ''] of readFileSync(file, 'utf8').matchAll(
      /(?:from|import\()\s*['"](\.[^'"]+)\.[jt]s['"]/g,
    ))
      reached.add(join(dirname(file), `${target}.d.ts`))
  }
  return reached
}
