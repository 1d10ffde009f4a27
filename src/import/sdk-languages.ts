// The languages that a person may say an SDK is for, as people write them.
import { TokenwrightError } from '../service/error.ts'

const languages = [
  'Bash',
  'C',
  'C#',
  'C++',
  'Clojure',
  'curl',
  'Dart',
  'Elixir',
  'Erlang',
  'F#',
  'Go',
  'Groovy',
  'Haskell',
  'Java',
  'JavaScript',
  'Julia',
  'Kotlin',
  'Lua',
  'Objective-C',
  'Perl',
  'PHP',
  'PowerShell',
  'Python',
  'R',
  'Ruby',
  'Rust',
  'Scala',
  'Shell',
  'Swift',
  'Terraform',
  'TypeScript',
  'Visual Basic',
] as const

/**
 * A language as people write it, however it is cased.
 *
 * @throws {TokenwrightError} `ERR_OPTION_INVALID` when it is none that is known
 */
export function sdkLanguageOf(text: string): string {
  const known = languages.find((language) => language.toLowerCase() === text.trim().toLowerCase())
  if (known !== undefined) return known
  throw new TokenwrightError(
    'ERR_OPTION_INVALID',
    `expected --language to be one of ${languages.join(', ')}, received ${JSON.stringify(text)}`,
  )
}
