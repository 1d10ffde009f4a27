// What an interrupt does to a run that takes its time.

/** The first interrupt ends the run, which still reports what was done; a second one ends the process. */
export async function interruptibly(run: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const interrupt = new AbortController()
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  const end = () => {
    if (interrupt.signal.aborted) process.exit(2)
    process.stderr.write('tokenwright: interrupted, reporting what was done; once more ends at once\n')
    interrupt.abort()
  }
  for (const name of signals) process.on(name, end)
  try {
    return await run(interrupt.signal)
  } finally {
    for (const name of signals) process.off(name, end)
  }
}
