// What was imported as text for a terminal: fields, what was read of each, contradictions, and what a person has to decide.

import type { Contradiction, ImportedDocument, ImportedField, Provenance } from '../import/imported.ts'
import type { ImportedService } from '../import/importing.ts'
import type { PlannedFile } from '../import/service-folder.ts'
import { visible } from './shown.ts'

/** No words of a page are shown beyond this, in UTF-16 code units. */
const longestWords = 120

/** Models one by one; then what does not fit together, and what is open. */
export function formatImported(documents: readonly ImportedDocument[]): string {
  const open = documents.flatMap(({ file, model, needsReview, fields }) => [
    ...needsReview.map((sentence) => `${file}, ${model}: ${sentence}`),
    ...fields.flatMap((field) =>
      field.needsReview.map((sentence) => `${file}, ${model}, ${field.name}: ${sentence}`),
    ),
  ])
  return withoutCommands(
    [
      ...documents.flatMap((document) => [...modelLines(document), '']),
      ...contradictionLines(documents.flatMap(({ contradictions }) => contradictions)),
      ...openLines(open),
      sumOf(documents),
      ...nextLines(documents),
    ].join('\n'),
  )
}

function nextLines(documents: readonly ImportedDocument[]): readonly string[] {
  if (!documents.some(({ role }) => role === 'request')) return []
  const named = new Set(documents.map(({ file }) => (file === 'stdin' ? '-' : file)))
  const files = [...named].join(' ')
  return [visible(`next: tokenwright import ${files} --service ID --out DIR`)]
}

/** The same, and the files of the service with what became of each. */
export function formatImportedService({
  documents,
  needsReview,
  folder,
  files,
  service,
}: ImportedService): string {
  const contradictions = documents.flatMap((document) => document.contradictions)
  const conflicts = files.flatMap((file) => conflictLines(folder, file))
  const next = `tokenwright mock --service ${/^[./]/.test(folder) ? folder : `./${folder}`}`
  return withoutCommands(
    [
      ...documents.flatMap((document) => [...modelLines(document), '']),
      ...contradictionLines(contradictions),
      ...openLines(needsReview),
      ...(conflicts.length === 0 ? [] : [...conflicts, '']),
      ...files.map(({ file, state }) => `${state.padEnd(9)}  ${visible(`${folder}/${file}`)}`),
      '',
      `${sumOf(documents)}; ${visible(service.id)} has ${count(service.variants.length, 'variant')}`,
      `next: ${visible(next)}`,
    ].join('\n'),
  )
}

function modelLines(document: ImportedDocument): readonly string[] {
  const { model, role, language, status, fields, values, provenance } = document
  const about = [role, language, status].filter((each) => each !== null).join(', ')
  return [
    visible(`${model} (${about})  ${placeOf(provenance)}`),
    ...wireLines(document),
    ...(values === null ? [] : [`  values     ${visible(values.join(', '))}`]),
    ...fields.flatMap(fieldLines),
  ]
}

function wireLines({ wire }: ImportedDocument): readonly string[] {
  const facts: ReadonlyArray<[name: string, value: string | undefined]> = [
    ['server', wire.servers?.value.join(', ')],
    ['method', wire.method?.value],
    ['path', wire.path?.value],
    ['type', wire.contentTypes?.value.join(', ')],
    ['client', wire.clientAuthentication?.value.join(', ')],
  ]
  return facts.flatMap(([name, value]) =>
    value === undefined ? [] : [visible(`  ${name.padEnd(9)}  ${value}`)],
  )
}

function fieldLines(field: ImportedField): readonly string[] {
  const { name, wireName, confidence, type, provenance } = field
  const spelled = name === wireName ? wireName : `${name} → ${wireName}`
  const sure = confidence === 'certain' || confidence === 'high' ? '' : `, ${confidence} confidence`
  return [
    visible(`  ${spelled}: ${type}, ${requirementOf(field)}${sure}`),
    ...rulesOf(field).map(([fact, rule]) => visible(`    ${rule}${wordsOf(provenance[fact])}`)),
  ]
}

function requirementOf({ required, requiredWhen }: ImportedField): string {
  if (requiredWhen !== null) return `required when ${requiredWhen.parameter} is ${requiredWhen.value}`
  if (required === null) return 'required or not: not documented'
  return required ? 'required' : 'optional'
}

function rulesOf(field: ImportedField): ReadonlyArray<[fact: string, rule: string]> {
  const { allowedValues, requiredWhen, pattern, minLength, maxLength, isSpaceDelimited, httpBasic } = field
  const rules: ReadonlyArray<[fact: string, rule: string | false]> = [
    ['requiredWhen', requiredWhen !== null && 'conditional'],
    ['allowedValues', allowedValues !== null && `one of ${allowedValues.join(', ')}`],
    ['pattern', pattern !== null && `matches ${pattern}`],
    ['minLength', minLength !== null && `at least ${minLength} characters`],
    ['maxLength', maxLength !== null && `at most ${maxLength} characters`],
    ['isSpaceDelimited', isSpaceDelimited && 'a list with spaces between'],
    ['httpBasic', httpBasic !== null && `or as the ${httpBasic} of HTTP Basic`],
    ['notSupported', field.notSupported && 'not supported'],
    ['deprecated', field.deprecated && 'deprecated'],
  ]
  return rules.flatMap(([fact, rule]) => (rule === false ? [] : [[fact, rule]]))
}

function wordsOf(provenance: Provenance | undefined): string {
  if (provenance === undefined) return ''
  const words = provenance.words.replace(/\s+/g, ' ').trim()
  const shown = words.length > longestWords ? `${words.slice(0, longestWords).trimEnd()}…` : words
  return `  (${placeOf(provenance)}: "${shown}")`
}

function placeOf({ file, line, pointer }: Provenance): string {
  if (pointer !== undefined) return `${file}#${pointer}`
  return line === undefined ? file : `${file}:${line}`
}

function contradictionLines(contradictions: readonly Contradiction[]): readonly string[] {
  if (contradictions.length === 0) return []
  return [
    'contradictions',
    ...contradictions.flatMap(({ rule, field, sentence, provenance }) => [
      `  ${rule}: ${visible(field === null ? sentence : `${field}: ${sentence}`)}`,
      ...provenance.map(
        (place) =>
          `    ${visible(`${placeOf(place)}: "${place.words.replace(/\s+/g, ' ').trim()}"`, longestWords * 2)}`,
      ),
    ]),
    '',
  ]
}

function openLines(sentences: readonly string[]): readonly string[] {
  if (sentences.length === 0) return []
  return ['needs review', ...sentences.map((sentence) => `  ${visible(sentence)}`), '']
}

function conflictLines(folder: string, { file, conflicts }: PlannedFile): readonly string[] {
  return conflicts.flatMap(({ line, yours, generated }) => [
    `conflict  ${visible(`${folder}/${file}:${line}`)}`,
    ...yours.map((text) => `  yours     ${visible(text)}`),
    ...generated.map((text) => `  the page  ${visible(text)}`),
  ])
}

function sumOf(documents: readonly ImportedDocument[]): string {
  const fields = documents.flatMap((document) => document.fields).length
  const contradictions = documents.flatMap((document) => document.contradictions).length
  return `${count(documents.length, 'model')}, ${count(fields, 'field')}, ${count(contradictions, 'contradiction')}`
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

/** Runners of CI read commands out of what is printed, some of them anywhere in a line. */
function withoutCommands(text: string): string {
  return text.replaceAll(/##(?=vso\[|\[|teamcity\[)/g, '#\\u0023')
}
