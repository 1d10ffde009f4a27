// The command as a process of its own, from its sources: Node.js strips the types.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { root } from '../source-files.ts'

/** What is run. */
export interface CommandOptions {
  /** Variables beside those of {@link surroundings}. */
  readonly environment?: Readonly<Record<string, string>>
  /** The working directory. Default: the repository. */
  readonly directory?: string
}

/** What came of it. */
export interface CommandOutcome {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

export const main = join(root, 'src', 'cli', 'main.ts')

/** All that the command is given of the surroundings; what it compiles is kept, which more than halves its start. */
export const surroundings = {
  PATH: process.env.PATH,
  NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'compiled'),
}

/** Runs the command to its end. */
export async function runCommand(
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandOutcome> {
  const child = startCommand(args, options)
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve))
  const [stdout, stderr, status] = await Promise.all([text(child.stdout), text(child.stderr), closed])
  return { status, stdout, stderr }
}

/** Starts the command. */
export function startCommand(
  args: readonly string[],
  { environment = {}, directory = root }: CommandOptions,
) {
  return spawn(process.execPath, [main, ...args], {
    cwd: directory,
    env: { ...surroundings, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
  })
}
