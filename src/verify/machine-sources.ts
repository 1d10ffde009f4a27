// Where credentials really are on this machine: its environment, its files, what its commands print, whoever sits at it.
import { spawn } from 'node:child_process'
import { open } from 'node:fs/promises'
import type { CommandResult, CredentialFile, CredentialSources } from './credentials.ts'
import { promptAtTerminal } from './prompt.ts'

/** A password manager may wait for a person, who has to find a key first. In milliseconds. */
const longestCommandMs = 120_000
const othersMayRead = 0o044

/** The real sources. */
export function machineSources(
  environment: CredentialSources['environment'],
  warn: CredentialSources['warn'],
): CredentialSources {
  return {
    environment,
    readFile: readBeginning,
    runCommand: (command, mostBytes) => runInShell(command, mostBytes, longestCommandMs),
    prompt: promptAtTerminal,
    warn,
  }
}

/** Reads by pieces, as a file may be a pipe: `file:<(…)`, `file:/dev/stdin`. */
export async function readBeginning(path: string, mostBytes: number): Promise<CredentialFile> {
  const file = await open(path)
  try {
    const status = await file.stat()
    const bytes = Buffer.alloc(mostBytes)
    let size = 0
    for (;;) {
      const { bytesRead } = await file.read(bytes, size, mostBytes - size)
      size += bytesRead
      if (bytesRead === 0 || size === mostBytes) break
    }
    // Windows has no such bits: there they always say that all may read.
    const isShared = process.platform !== 'win32' && status.isFile() && (status.mode & othersMayRead) !== 0
    return { bytes: bytes.subarray(0, size), isShared }
  } finally {
    await file.close()
  }
}

/**
 * Runs a line in the system's shell. It has come here as one argument, quotes and pipes included, and whoever gave it
 * knows their shell; a language of ours, nearly the same, would be one more. `sh` and not `$SHELL`: the same line means
 * the same in a pipeline. The command has the terminal, so that it can ask. What it says on stderr is seen only where
 * a person looks on: it may hold the secret, and elsewhere it would be kept in a log.
 */
export async function runInShell(
  command: string,
  mostBytes: number,
  longestMs: number,
): Promise<CommandResult> {
  const stderr = process.stderr.isTTY ? 'inherit' : 'ignore'
  const child = spawn(command, { shell: true, stdio: ['inherit', 'pipe', stderr], windowsHide: true })
  const chunks: Buffer[] = []
  let size = 0
  return await new Promise((resolve) => {
    const end = (failure?: string) => {
      clearTimeout(deadline)
      // A command that left another behind would hold its end of the pipe.
      child.stdout?.destroy()
      const stdout = Buffer.concat(chunks).subarray(0, mostBytes)
      resolve(failure === undefined ? { stdout } : { stdout, failure })
    }
    const deadline = setTimeout(() => {
      child.kill('SIGKILL')
      end(`by force, after ${longestMs} ms`)
    }, longestMs)
    child.stdout?.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      size += chunk.length
      if (size < mostBytes) return
      child.kill('SIGKILL')
      end()
    })
    child.on('error', ({ code }: NodeJS.ErrnoException) => end(`before it began, with ${code}`))
    child.on('close', (status, signal) => {
      if (status === 0) end()
      else end(signal === null ? `with status ${status}` : `by ${signal}`)
    })
  })
}
