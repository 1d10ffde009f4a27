// `tokenwright import`: a vendor's pages as data, or as a service's folder.

import type { SourceFile } from '../import/imported.ts'
import {
  type ImportedService,
  importDocument,
  importService,
  type ServiceImportOptions,
} from '../import/importing.ts'
import { maxSourceBytes, sourceFileOf } from '../import/source-file.ts'
import type { ClientAuthenticationMethod, ContentType } from '../oauth/words.ts'
import { formatImported, formatImportedService } from '../report/imported.ts'
import { toJsonLine } from '../report/json.ts'
import { TokenwrightError } from '../service/error.ts'
import { type Arguments, listOf, type Verb } from './flags.ts'

const contentTypes: Readonly<Record<string, ContentType>> = {
  form: 'application/x-www-form-urlencoded',
  json: 'application/json',
}

const authentications: Readonly<Record<string, readonly ClientAuthenticationMethod[]>> = {
  basic: ['client_secret_basic'],
  post: ['client_secret_post'],
  none: [],
}

/** What is of use in a folder alone. */
const folderFlags = [
  'service',
  'title',
  'sdk',
  'sdk-version',
  'variant',
  'path',
  'content-type',
  'auth',
  'grant',
  'server',
  'keep-mine',
  'define-from',
] as const

export const importVerb: Verb = {
  name: 'import',
  summary: "Reads a vendor's pages or OpenAPI documents, and writes them as a service.",
  positionals: ['file…'],
  flags: {
    service: { value: 'ID', sentence: "The service's id, lower case. Required with --out." },
    out: {
      value: 'DIR',
      sentence: 'The folder to write, or to update when it was written so. Default: none is written.',
    },
    json: { sentence: 'Print one object of JSON.' },
    title: { value: 'NAME', sentence: "The service's name. Default: its id with a capital." },
    language: { value: 'NAME', sentence: "The SDK's language, such as Go. Default: what the page shows." },
    sdk: { value: 'NAME', sentence: 'The SDK, as people call it. Default: title, language, SDK.' },
    'sdk-version': { value: 'VERSION', sentence: "The SDK's version. Default: needs review." },
    variant: { value: 'NAME', sentence: "The variant's name. Default: language and version, or the model." },
    operation: {
      value: 'ID',
      sentence: 'The operation of an OpenAPI document: its operationId, or method and path. Default: found.',
    },
    path: {
      value: 'PATH',
      sentence: "The path of the token endpoint. Default: the page's, or needs review.",
    },
    'content-type': {
      value: 'form|json',
      isRepeatable: true,
      sentence: 'A media type of the request, the usual one first. Default: likewise.',
    },
    auth: {
      value: 'basic|post|none',
      isRepeatable: true,
      sentence: 'How a client authenticates. Default: likewise.',
    },
    grant: {
      value: 'NAME,…',
      isRepeatable: true,
      sentence: "The grant types. Default: the page's; required where it has none.",
    },
    server: {
      value: 'URL',
      isRepeatable: true,
      sentence: "A base URL. Default: the page's, or needs review.",
    },
    fetch: { sentence: 'Fetch what a $ref names on another server. Default: such a $ref is refused.' },
    'keep-mine': {
      sentence: 'Confirm your lines where the page changed them too. Default: they are told each time.',
    },
    'define-from': {
      value: 'MODULE',
      sentence: 'The module that the files import from. Default: tokenwright.',
    },
  },
  run: async (input) => {
    // A pattern of a page is tried on its example: none can keep the command busy for ever.
    process
      .getBuiltinModule('node:v8')
      .setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks')
    const folder = input.one('out')
    if (folder === undefined) return await printDocuments(input)
    const imported = await importService(await sourcesOf(input), optionsOf(input, folder))
    process.stdout.write(`${input.has('json') ? jsonOf(imported) : formatImportedService(imported)}\n`)
    return imported.files.some(({ conflicts }) => conflicts.length > 0) ? 1 : 0
  },
}

/** The files; `-` is what comes on standard input. */
async function sourcesOf({ positionals }: Arguments): Promise<ReadonlyArray<string | SourceFile>> {
  if (!positionals.includes('-')) return positionals
  const input = await readStandardInput()
  return positionals.map((file) => (file === '-' ? input : file))
}

async function readStandardInput(): Promise<SourceFile> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of process.stdin) {
    chunks.push(chunk)
    size += chunk.length
    // What follows would be refused with it.
    if (size > maxSourceBytes) break
  }
  return sourceFileOf('stdin', Buffer.concat(chunks))
}

async function printDocuments(input: Arguments): Promise<number> {
  const given = folderFlags.find((flag) => input.has(flag))
  if (given !== undefined)
    throw wrong(
      `expected --out with ${input.nameOf(given)}, received none; it says where the service is written`,
    )
  const imported = await importDocument(await sourcesOf(input), readingOf(input))
  process.stdout.write(`${input.has('json') ? toJsonLine(imported) : formatImported(imported.documents)}\n`)
  return 0
}

function jsonOf({ documents, needsReview, folder, files }: ImportedService): string {
  return toJsonLine({ documents, needsReview, folder, files })
}

function readingOf(input: Arguments): Pick<ServiceImportOptions, 'language' | 'operation' | 'fetch'> {
  return { language: input.one('language'), operation: input.one('operation'), fetch: input.has('fetch') }
}

function optionsOf(input: Arguments, folder: string): ServiceImportOptions {
  const service = input.one('service')
  if (service === undefined)
    throw wrong(
      'expected --service with --out, received none; next: name the service, such as --service acme',
    )
  const several = (flag: string) => (input.has(flag) ? listOf(input.all(flag)) : undefined)
  return {
    ...readingOf(input),
    service,
    folder,
    title: input.one('title'),
    sdk: input.one('sdk'),
    version: input.one('sdk-version'),
    variant: input.one('variant'),
    path: input.one('path'),
    contentTypes: several('content-type')?.map((word) => choiceOf('--content-type', contentTypes, word)),
    clientAuthentication: several('auth')?.flatMap((word) => choiceOf('--auth', authentications, word)),
    grantTypes: several('grant'),
    servers: several('server'),
    defineFrom: input.one('define-from'),
    keepMine: input.has('keep-mine'),
  }
}

function choiceOf<T>(flag: string, choices: Readonly<Record<string, T>>, word: string): T {
  const choice = Object.hasOwn(choices, word) ? choices[word] : undefined
  if (choice !== undefined) return choice
  throw wrong(`expected ${flag} to be ${Object.keys(choices).join(' or ')}, received ${JSON.stringify(word)}`)
}

function wrong(message: string): TokenwrightError {
  return new TokenwrightError('ERR_OPTION_INVALID', message)
}
