// Compiles src/ and mocks/ into dist/; the old dist/ stays until the new one is complete. Declarations that no public
// entry leads to are left out: nothing could import them, and they would be a sixth of the package on disk.
// With --if-possible, for npm's `prepare`, it does nothing where TypeScript is not installed, as after
// `npm ci --omit=dev` or `--omit=optional`.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
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
    bundleAjv(output)
    rmSync(join(root, 'dist'), { recursive: true, force: true })
    renameSync(output, join(root, 'dist'))
  } finally {
    rmSync(output, { recursive: true, force: true })
  }
}

/**
 * Puts ajv into one file beside the one module that imports it: without its 83 files a start takes less time, and an
 * install is smaller by 3 MB. Its licence, and those of what it needs, go with it.
 * @param {string} output
 */
function bundleAjv(output) {
  const folder = join(output, 'src/schema')
  const entry = join(folder, 'ajv.entry.js')
  const validator = join(folder, 'validator.js')
  writeFileSync(entry, "export { Ajv2020 } from 'ajv/dist/2020.js'\n")
  const bundler = join(root, 'node_modules/rolldown/bin/cli.mjs')
  const args = [entry, '--file', join(folder, 'ajv.js'), '--format', 'esm', '--platform', 'node', '--minify']
  const { status, stderr } = spawnSync(process.execPath, [bundler, ...args], { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(`expected ajv to be bundled, received: ${stderr}`)
  rmSync(entry)
  const text = readFileSync(validator, 'utf8')
  const bundled = text.replace("'ajv/dist/2020.js'", "'./ajv.js'")
  if (bundled === text) throw new Error('expected validator.js to import ajv/dist/2020.js')
  writeFileSync(validator, bundled)
  const licences = ['ajv', 'fast-deep-equal', 'fast-uri', 'json-schema-traverse'].map((name) => {
    const licence = readFileSync(join(root, 'node_modules', name, 'LICENSE'), 'utf8')
    return `${name}\n\n${licence.trim()}\n`
  })
  writeFileSync(join(folder, 'ajv.LICENSE.txt'), licences.join('\n---\n\n'))
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
