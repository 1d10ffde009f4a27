// Scenarios: one text file is one run of the command, with what it prints and its exit status.
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { root } from '../source-files.ts'
import { main, surroundings } from './command.ts'

/** A scenario as it is written: a sentence, a line for the shell, and what is expected. */
export interface Scenario {
  readonly sentence: string
  /** A line of shell in which `tokenwright` is the command, in an empty folder. */
  readonly command: string
  readonly status: string
  /** Files in that folder, by name. */
  readonly files: ReadonlyMap<string, string>
  readonly stdout: string
  readonly stderr: string
}

/** What came of it, with `{{root}}`, `{{directory}}` and `{{port}}` in place of what differs from run to run. */
export type Outcome = Pick<Scenario, 'status' | 'stdout' | 'stderr'>

const longestRunMs = 15_000

/** Reads a scenario's file; the order is a `#` line, files, a `$` line, `exit`, `stdout:` and `stderr:`. */
export function parseScenario(source: string): Scenario {
  const [, sentence = '', files = '', command = '', status = '', stdout = '', stderr = ''] =
    /^# (.+)\n([\s\S]*?)^\$ (.+)\nexit (\d+)\nstdout:\n([\s\S]*?)^stderr:\n([\s\S]*)$/m.exec(source) ?? []
  const named = [...files.matchAll(/^file (\S+):\n([\s\S]*?)(?=^file |(?![\s\S]))/gm)]
  return {
    sentence,
    command,
    status,
    files: new Map(named.map(([, name = '', content = '']) => [name, content])),
    stdout,
    stderr,
  }
}

/** What a scenario expects, `{{any}}` in it being whatever the outcome has there, up to the end of the line. */
export function expectedOf({ status, stdout, stderr }: Scenario, outcome: Outcome): Outcome {
  const filled = (expected: string, received: string) => {
    const literals = expected.split('{{any}}').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    return new RegExp(`^${literals.join('.*')}$`).test(received) ? received : expected
  }
  return { status, stdout: filled(stdout, outcome.stdout), stderr: filled(stderr, outcome.stderr) }
}

/** Runs a scenario's command to its end. */
export async function runScenario({ command, files }: Scenario): Promise<Outcome> {
  const directory = mkdtempSync(join(tmpdir(), 'scenario-'))
  try {
    for (const [name, content] of files) {
      mkdirSync(dirname(join(directory, name)), { recursive: true })
      writeFileSync(join(directory, name), content.replaceAll('{{root}}', root))
    }
    const child = spawn('sh', ['-c', `tokenwright() { '${process.execPath}' '${main}' "$@"; }\n${command}`], {
      cwd: directory,
      env: surroundings,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    // A command that should have ended leaves nothing behind: the shell and all that it started are one group.
    const deadline = setTimeout(() => process.kill(-Number(child.pid), 'SIGKILL'), longestRunMs)
    const closed = new Promise<number | null>((resolve) => child.on('close', resolve))
    const [stdout, stderr, status] = await Promise.all([text(child.stdout), text(child.stderr), closed])
    clearTimeout(deadline)
    const generalize = (output: string) =>
      output
        .replaceAll(directory, '{{directory}}')
        .replaceAll(root, '{{root}}')
        .replace(/127\.0\.0\.1:\d{2,}/g, '127.0.0.1:{{port}}')
    return { status: String(status), stdout: generalize(stdout), stderr: generalize(stderr) }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
