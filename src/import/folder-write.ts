// A planned folder to the disk, whole or not at all: what breaks off leaves a folder that the next import continues.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { withLock } from '../contract/lock.ts'
import { folderErrorOf } from './folder-error.ts'
import { importLockName } from './import-lock.ts'
import type { FolderPlan } from './service-folder.ts'

/**
 * Writes what was planned. A new folder comes into being with all its files; in an old one each file is written beside the
 * one that it replaces before any is replaced, and the lock comes last: until then the next import plans the same anew.
 */
export function writeFolder({ folder, isNew, writes }: FolderPlan): void {
  if (writes.size === 0) return
  if (existsSync(folder)) replaceFiles(folder, isNew ? lockFirst(writes) : writes)
  else createFolder(folder, writes)
}

/** In a folder without any, files that lack a lock would be taken for someone else's. */
function lockFirst(writes: FolderPlan['writes']): FolderPlan['writes'] {
  const entries = [...writes].sort(
    ([one], [other]) => Number(other === importLockName) - Number(one === importLockName),
  )
  return new Map(entries)
}

function createFolder(folder: string, writes: FolderPlan['writes']): void {
  const path = resolve(folder)
  const unfinished = mkdtempSync(join(dirname(path), `.${basename(path)}-`))
  try {
    // What mkdtemp makes is its owner's alone.
    const whole = join(unfinished, basename(path))
    mkdirSync(whole)
    for (const [file, text] of writes) if (text !== null) writeFileSync(join(whole, file), text)
    renameSync(whole, path)
  } finally {
    rmSync(unfinished, { recursive: true, force: true })
  }
}

function replaceFiles(folder: string, writes: FolderPlan['writes']): void {
  const unfinished = (file: string) => join(folder, `.${file}.${process.pid}.tmp`)
  try {
    for (const [file, text] of writes) if (text !== null) writeFileSync(unfinished(file), text)
    for (const [file, text] of writes) {
      if (text === null) rmSync(join(folder, file), { force: true })
      else renameSync(unfinished(file), join(folder, file))
    }
  } finally {
    for (const file of writes.keys()) rmSync(unfinished(file), { force: true })
  }
}

/**
 * Plans a folder and writes it while no other import does. What is wrong is found out before anything is made.
 *
 * @throws {TokenwrightError} `ERR_OPTION_INVALID` when the folder cannot be read or written; what planning throws
 */
export async function writePlanned(folder: string, plan: () => FolderPlan): Promise<FolderPlan> {
  try {
    const first = planUndisturbed(plan)
    return first?.writes.size === 0 ? first : await writeAlone(folder, plan)
  } catch (cause) {
    throw folderErrorOf(folder, cause)
  }
}

/** `undefined`: it cannot be told yet, as another import may be writing the folder just now. */
function planUndisturbed(plan: () => FolderPlan): FolderPlan | undefined {
  try {
    return plan()
  } catch (cause) {
    const { code } = cause as { readonly code?: string }
    if (code === 'ERR_IMPORT_CONFLICT' || code === 'ENOENT') return undefined
    throw cause
  }
}

async function writeAlone(folder: string, plan: () => FolderPlan): Promise<FolderPlan> {
  const path = existsSync(folder) ? realpathSync(folder) : resolve(folder)
  const parent = dirname(path)
  const made = mkdirSync(parent, { recursive: true })
  try {
    return await withLock(join(parent, `.${basename(path)}.import`), () => {
      // Another import may have written since.
      const current = plan()
      writeFolder(current)
      return current
    })
  } finally {
    if (made !== undefined) removeEmpty(parent, made)
  }
}

function removeEmpty(folder: string, top: string): void {
  if (readdirSync(folder).length > 0) return
  rmdirSync(folder)
  if (folder !== top) removeEmpty(dirname(folder), top)
}
