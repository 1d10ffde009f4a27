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

if (canCompile()) await build()
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

async function build() {
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
    await bundleDependencies(output)
    rmSync(join(root, 'dist'), { recursive: true, force: true })
    renameSync(output, join(root, 'dist'))
  } finally {
    rmSync(output, { recursive: true, force: true })
  }
}

/**
 * Puts what a module needs of the development dependencies into the module itself: an install has no more packages for
 * it, and a start no more files. Their licences go beside the module.
 * @param {string} output
 */
async function bundleDependencies(output) {
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const { rolldown } = await import('rolldown')
  for (const file of modulesIn(output)) {
    const imported = readFileSync(file, 'utf8').matchAll(/^import .*? from '([^'.][^']*)'/gm)
    if (![...imported].some(([, specifier = '']) => packageOf(specifier) in devDependencies)) continue
    const external = (/** @type {string} */ id, /** @type {string | undefined} */ importer) =>
      id.startsWith('node:') || (id.startsWith('.') && importer === file)
    const bundle = await rolldown({ input: file, external, platform: 'node', cwd: root })
    const { output: chunks } = await bundle.write({ dir: dirname(file), format: 'esm', minify: true })
    await bundle.close()
    const names = chunks.flatMap((chunk) => ('modules' in chunk ? Object.keys(chunk.modules) : []))
    writeFileSync(file.replace(/\.js$/, '.LICENSE.txt'), licencesOf(names))
  }
}

/**
 * The modules of our own, those of the built-in services aside.
 * @param {string} output
 */
function modulesIn(output) {
  return readdirSync(join(output, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.js'))
    .map((file) => join(output, 'src', file))
}

/** @param {string} specifier */
function packageOf(specifier) {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}

/** @param {readonly string[]} modules */
function licencesOf(modules) {
  const packages = new Set(
    modules.flatMap(
      (path) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path.replaceAll('\\', '/')) ?? [],
    ),
  )
  return [...packages]
    .sort()
    .map((folder) => `${folder.split('/node_modules/').at(-1)}\n\n${licenceIn(folder)}\n`)
    .join('\n---\n\n')
}

/** @param {string} folder */
function licenceIn(folder) {
  const file = readdirSync(folder).find((name) => /^licen[cs]e(\.(md|txt))?$/i.test(name))
  if (file !== undefined) return readFileSync(join(folder, file), 'utf8').trim()
  const { license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return `${license}, by ${author?.name ?? author}`
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
