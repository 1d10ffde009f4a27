// Prints the milliseconds that the first start of a server takes in a fresh process, and those of the import before it.
const imported = new URL('../dist/src/host/server.js', import.meta.url).href
const begin = performance.now()
const { startTokenServer } = await import(imported)
const ready = performance.now()
const server = await startTokenServer()
const end = performance.now()
await server.close()
process.stdout.write(`${JSON.stringify({ importMs: ready - begin, startMs: end - ready })}\n`)
