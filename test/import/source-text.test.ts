// A draft as TypeScript: it reads as the draft, looks as the formatter leaves it, and no text of a page becomes code.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ImportedDocument } from '../../src/import/imported.ts'
import { draftService } from '../../src/import/service-draft.ts'
import { sourceTextOf } from '../../src/import/source-text.ts'
import { root } from '../source-files.ts'
import { evaluate } from './evaluated.ts'
import { document, fact, field, loginFields } from './imported-documents.ts'

const draft = (documents: readonly ImportedDocument[], stated = {}) =>
  draftService([{ file: 'tokenrequest.md', read: '2026-01-31', stated, documents }], { id: 'acme' })

const plain = document({ fields: loginFields })
const written = document({
  fields: [
    ...loginFields,
    field('scope', {
      required: false,
      isSpaceDelimited: true,
      provenance: {
        requiredWhen: { file: 'acme/tokenrequest.md', line: 12, words: 'A space delimited list of scopes.' },
      },
    }),
  ],
  wire: {
    servers: fact(['https://api.acme.example']),
    method: null,
    path: fact('/oauth/token'),
    contentTypes: fact(['application/json', 'application/x-www-form-urlencoded'] as const),
    clientAuthentication: fact(['client_secret_post'] as const),
  },
})

/** Strings that would end a literal, a line or a comment, or hide something. */
const hostile = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    "'",
    '"',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what a page may hold
    '`${process.exit()}`',
    "'})\nprocess.exit()//",
    '*/',
    '\u2028',
    '\u2029',
    '\ud800',
    '\u202e',
    '\\',
    "\\'",
    '__proto__',
    'constructor',
    '\r',
    '</script>',
  ),
  fc
    .array(fc.constantFrom("'", '"', '\\', '\n', '$', '{', '`', '\u2028', '*', '/', '\udc00'), {
      maxLength: 8,
    })
    .map((each) => each.join('')),
)
const name = hostile.filter(
  (text) => !/^(grant_?type|client_?(id|secret))$/i.test(text) && text !== '__proto__',
)

describe('the text of a drafted service', () => {
  test('reads as the draft, whatever the page holds', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ name, wireName: name, words: hostile, example: hostile }), { maxLength: 3 }),
        hostile,
        (fields, model) => {
          const drafted = draft([
            document({
              model,
              fields: [
                ...loginFields,
                ...fields.map(({ words, ...facts }) =>
                  field(facts.name, {
                    ...facts,
                    required: false,
                    provenance: { name: { file: 'acme/tokenrequest.md', line: 9, words } },
                    needsReview: [words],
                  }),
                ),
              ],
            }),
          ])
          expect(evaluate(sourceTextOf(drafted))).toEqual(JSON.parse(JSON.stringify(drafted.service)))
        },
      ),
      { seed: 5, numRuns: 75 },
    )
  })

  test('looks as the formatter leaves it', () => {
    const folder = mkdtempSync(join(root, 'test/import/formatted-'))
    try {
      const drafted = draft([written], {
        version: '0.2.1',
        grantTypes: ['client_credentials'],
      })
      for (const { file, text } of sourceTextOf(drafted)) writeFileSync(join(folder, file), text)
      const biome = join(root, 'node_modules/@biomejs/biome/bin/biome')
      const args = ['check', '--vcs-use-ignore-file=false', '--config-path', join(root, 'biome.json'), folder]
      expect(
        execFileSync(process.execPath, [biome, ...args], {
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'pipe'],
        }),
      ).toContain('Checked 2 files')
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  test('has a file for the service and one for each variant', () => {
    const files = sourceTextOf(draft([plain, document({ ...plain, model: 'delete' })], { version: '0.2.1' }))
    expect(files.map(({ file }) => file)).toEqual([
      'service.ts',
      'go-0.2.1-token-request.ts',
      'go-0.2.1-delete.ts',
    ])
    expect(files[0]?.text.split('\n').slice(0, 9)).toEqual([
      '// Acme: its token service, as tokenwright imported it. What is changed here stays when it is imported anew.',
      "import { defineService } from 'tokenwright'",
      "import { go021Delete } from './go-0.2.1-delete.ts'",
      "import { go021TokenRequest } from './go-0.2.1-token-request.ts'",
      '',
      "const read = '2026-01-31'",
      '',
      'export const acme = defineService({',
      "  id: 'acme',",
    ])
  })

  test('says beside each fact where it was read, and what a person has to decide', () => {
    const [, variant] = sourceTextOf(draft([written]))
    expect(variant?.text).toContain(
      [
        '          // tokenrequest.md:12: "A space delimited list of scopes."',
        '          scope: {',
        "            type: 'string',",
      ].join('\n'),
    )
    const [, undocumented] = sourceTextOf(draft([plain]))
    expect(undocumented?.text).toContain(
      [
        '  // needs review: tokenrequest.md, TokenRequest: the path is not documented; /token stands in. State it with --path.',
        "  endpoint: 'token',",
      ].join('\n'),
    )
  })

  test.each(['delete', 'read', 'default', '1password'])(
    'gives a constant a name that it can have: %s',
    (model) => {
      const drafted = draft([document({ ...plain, model, language: null })])
      expect(evaluate(sourceTextOf(drafted))).toEqual(JSON.parse(JSON.stringify(drafted.service)))
    },
  )

  test('defines by the module that is named', () => {
    const [service, variant] = sourceTextOf(draft([plain]), { defineFrom: '../../service/service.ts' })
    expect(service?.text).toContain("import { defineService } from '../../service/service.ts'\n")
    expect(variant?.text).toContain("import { defineVariant } from '../../service/service.ts'\n")
  })
})
